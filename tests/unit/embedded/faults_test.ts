import assert from "assert";
import { faultError, garbage } from "../../../lib/embedded/faults.ts";

Deno.test.each(
  [
    [403, "Forbidden"],
    [429, "TooManyRequests"],
    [500, "InternalError"],
    [418, "Unknown"],
  ] as const,
)("a status fault $0 is $1", (code, reason) => {
  const error = faultError({ kind: "status", code, retryAfterSeconds: 2 });
  assert.deepEqual([error?.code, error?.reason, error?.details], [code, reason, {
    retryAfterSeconds: 2,
  }]);
});

Deno.test("expired is a 410, slow and close-watch are no errors, garbage is no JSON", async () => {
  assert.equal(faultError({ kind: "expired" })?.code, 410);
  assert.equal(faultError({ kind: "slow", ms: 1 }), undefined);
  assert.equal(faultError({ kind: "close-watch", afterEvents: 1 }), undefined);
  const text = await garbage().text();
  assert.throws(() => JSON.parse(text));
});
