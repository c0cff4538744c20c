import assert from "assert";
import { AppError, errorKind, errorText, isRetryable, UsageError } from "../../../lib/core/mod.ts";

Deno.test("errorKind() tells the kind of any thrown value", () => {
  assert.equal(errorKind(new AppError("x", { kind: "exhausted" })), "exhausted");
  assert.equal(errorKind(new DOMException("x", "AbortError")), "canceled");
  assert.equal(errorKind(new DOMException("x", "TimeoutError")), "timeout");
  assert.equal(errorKind("text"), "internal");
});

Deno.test("isRetryable() refuses what only a person or a new object can mend", () => {
  assert.equal(isRetryable("invalid"), false);
  assert.equal(isRetryable("canceled"), false);
  assert.equal(isRetryable("unavailable"), true);
});

Deno.test("errorText() appends causes once", () => {
  const cause = new Error("inner");
  assert.equal(errorText(new AppError("outer", { kind: "internal", cause })), "outer: inner");
  assert.equal(
    errorText(new AppError("outer: inner", { kind: "internal", cause })),
    "outer: inner",
  );
  assert.equal(errorText(7), "7");
});

Deno.test("UsageError is an invalid value of the command line", () => {
  assert.equal(errorKind(new UsageError("x")), "invalid");
});
