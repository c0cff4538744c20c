import assert from "assert";
import { isNearlyFull } from "../../../lib/addresses/mod.ts";

Deno.test("isNearlyFull() from nine tenths on", () => {
  assert.equal(isNearlyFull({ size: 10n, used: 8 }), false);
  assert.equal(isNearlyFull({ size: 10n, used: 9 }), true);
  assert.equal(isNearlyFull({ size: 1n << 64n, used: 1_000 }), false);
  assert.equal(isNearlyFull({ size: 0n, used: 0 }), false);
});
