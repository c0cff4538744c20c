import assert from "assert";
import { errorKind, errorText } from "../../../lib/core/mod.ts";
import { type ProbeAnswer, readVersion } from "../../../lib/clusters/answer.ts";

const WHO = { cluster: "one", server: "https://127.0.0.1:7" };

function status(code: number, message: string): ProbeAnswer {
  return { status: code, body: JSON.stringify({ kind: "Status", message }) };
}

Deno.test("readVersion() gives the API server's version", () => {
  const body = '{"major":"1","minor":"36","gitVersion":"v1.36.3"}';
  assert.equal(readVersion({ status: 200, body }, WHO), "v1.36.3");
});

Deno.test("readVersion() judges every other answer, with a remedy", () => {
  const rows: readonly [ProbeAnswer, string, RegExp][] = [
    [status(401, "Unauthorized"), "forbidden", /401: Unauthorized\): renew .* recreate/],
    [status(403, "no"), "forbidden", /403: no\): restore the cluster-admin binding/],
    [status(429, "slow down"), "unavailable", /overloaded \(429: slow down\): trying again/],
    [status(500, "etcd gone"), "unavailable", /not well \(500: etcd gone\)/],
    [{ status: 503, body: "" }, "unavailable", /not well \(503\)/],
    [
      { status: 200, body: "<html>\n\x1b[1mhi" },
      "unavailable",
      /not the API server .*<html> \[1mhi/,
    ],
    [{ status: 200, body: '{"gitVersion":7}' }, "unavailable", /free that port/],
    [{ status: 200, body: "" }, "unavailable", /\(200\): free that port/],
    [{ status: 302, body: "" }, "unavailable", /\(302\): free that port/],
    [{ status: 404, body: "x".repeat(999) }, "unavailable", /x{120}…\)/],
  ];
  for (const [answer, kind, text] of rows) {
    assert.throws(() => readVersion(answer, WHO), (error) => {
      assert.equal(errorKind(error), kind);
      assert.match(errorText(error), text);
      return errorText(error).includes("cluster one") && errorText(error).includes(WHO.server);
    });
  }
});
