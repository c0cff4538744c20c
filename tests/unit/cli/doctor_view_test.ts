import assert from "assert";
import { type Check, doctorText, hasFailure } from "../../../lib/cli/doctor_view.ts";

const ok: Check = { name: "engine", verdict: "ok", detail: "version 28.2 at /var/run/docker.sock" };
const warn: Check = {
  name: "clusters",
  verdict: "warn",
  detail: "none found",
  remedy: "run kind create cluster",
};
const fail: Check = {
  name: "node kind-worker",
  verdict: "fail",
  detail:
    "lacks nft, perl and a long list of other programs that every node image is expected to have",
  remedy: "use a newer image",
};

Deno.test("doctorText() aligns findings and puts remedies below", () => {
  assert.equal(
    doctorText([ok, warn, fail]),
    `ok    engine            version 28.2 at /var/run/docker.sock
warn  clusters          none found
                        -> run kind create cluster
fail  node kind-worker  lacks nft, perl and a long list of other programs that
                        every node image is expected to have
                        -> use a newer image

1 of 3 checks failed
`,
  );
});

const summaries = [
  { checks: [ok], summary: "ready", failed: false },
  { checks: [ok, warn], summary: "ready, with 1 warning", failed: false },
  { checks: [warn, warn], summary: "ready, with 2 warnings", failed: false },
  { checks: [warn, fail, fail], summary: "2 of 3 checks failed", failed: true },
];

for (const { checks, summary, failed } of summaries) {
  Deno.test(`doctorText() ends with "${summary}"`, () => {
    assert.equal(doctorText(checks).trimEnd().split("\n").at(-1), summary);
    assert.equal(hasFailure(checks), failed);
  });
}
