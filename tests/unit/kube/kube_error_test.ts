import assert from "assert";
import { KubeError, kubeError } from "../../../lib/kube/mod.ts";

Deno.test("kubeError() sorts answers by what helps", () => {
  const cases: readonly (readonly [number, string])[] = [
    [400, "invalid"],
    [401, "forbidden"],
    [403, "forbidden"],
    [404, "not-found"],
    [408, "timeout"],
    [409, "conflict"],
    [410, "unavailable"],
    [415, "invalid"],
    [422, "invalid"],
    [429, "unavailable"],
    [500, "unavailable"],
    [502, "unavailable"],
    [503, "unavailable"],
    [504, "timeout"],
    [302, "unavailable"],
  ];
  for (const [status, kind] of cases) {
    const error = kubeError("GET /x", { status, body: "" });
    assert.deepEqual([error.kind, error.status, error.retryAfterMs], [kind, status, 0]);
  }
});

Deno.test("kubeError() tells the server's own words and the remedy", () => {
  const body = JSON.stringify({ kind: "Status", message: 'pods "x" not found' });
  const cases: readonly (readonly [number, string, string])[] = [
    [404, body, ': pods "x" not found'],
    [500, "<html>bad gateway</html>", ""],
    [500, JSON.stringify({ message: "" }), ""],
    [500, JSON.stringify({ message: 7 }), ""],
    [500, "null", ""],
    [
      401,
      JSON.stringify({ message: "Unauthorized" }),
      ": Unauthorized (the cluster's credentials are not valid any more: recreate them)",
    ],
    [403, "", " (give berth's user this right)"],
  ];
  for (const [status, body, rest] of cases) {
    const { message } = kubeError("GET /x", { status, body });
    assert.equal(message, `GET /x: the API server answered ${status}${rest}`);
  }
});

Deno.test("kubeError() reads how long to wait", () => {
  const cases: readonly (readonly [string | null | undefined, number])[] = [
    [undefined, 0],
    [null, 0],
    ["2", 2_000],
    ["soon", 0],
    ["-1", 0],
  ];
  for (const [retryAfter, ms] of cases) {
    const answer = { status: 429, body: "", ...(retryAfter === undefined ? {} : { retryAfter }) };
    assert.equal(kubeError("GET /x", answer).retryAfterMs, ms, String(retryAfter));
  }
});

Deno.test("KubeError is told apart from other errors", () => {
  assert.ok(new KubeError("x", { status: 500 }) instanceof Error);
  assert.equal(new KubeError("x", { status: 500 }).retryAfterMs, 0);
});
