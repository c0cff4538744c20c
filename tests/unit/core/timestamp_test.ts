import assert from "assert";
import { timestamp } from "../../../lib/core/timestamp.ts";

Deno.test("timestamp() is whole seconds of UTC", () => {
  assert.equal(timestamp(1_500), "1970-01-01T00:00:01Z");
  assert.equal(timestamp(Date.UTC(2026, 0, 2, 3, 4, 5, 999)), "2026-01-02T03:04:05Z");
  assert.equal(timestamp(0), "1970-01-01T00:00:00Z");
});
