import assert from "assert";
import { durationMs } from "../../../lib/cli/go_duration.ts";

const cases = { "15s": 15_000, "1m30s": 90_000, "500ms": 500, "1.5s": 1_500, "2h": 7_200_000 };

for (const [text, ms] of Object.entries(cases)) {
  Deno.test(`durationMs() reads ${text}`, () => assert.equal(durationMs(text), ms));
}

for (const text of ["", "15", "s", "-1s", "1 s", "1d"]) {
  Deno.test(`durationMs() refuses "${text}"`, () => assert.equal(durationMs(text), undefined));
}
