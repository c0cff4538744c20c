import assert from "assert";
import { age, humanDuration } from "../../../lib/embedded/age.ts";

Deno.test.each(
  [
    [-5, "<invalid>"],
    [-0.5, "0s"],
    [0, "0s"],
    [119, "119s"],
    [120, "2m"],
    [125, "2m5s"],
    [600, "10m"],
    [3 * 3_600, "3h"],
    [3 * 3_600 + 120, "3h2m"],
    [8 * 3_600 + 120, "8h"],
    [48 * 3_600, "2d"],
    [49 * 3_600, "2d1h"],
    [8 * 86_400, "8d"],
  ] as const,
)("humanDuration() of $0 s is $1", (seconds, expected) => {
  assert.equal(humanDuration(seconds), expected);
});

Deno.test("age() counts from a time and says when it is not known", () => {
  assert.equal(age("2026-01-01T00:00:00Z", Date.UTC(2026, 0, 1, 0, 0, 7)), "7s");
  assert.equal(age(undefined, 0), "<unknown>");
  assert.equal(age("soon", 0), "<unknown>");
});
