import assert from "assert";
import {
  AppError,
  errorKind,
  errorText,
  isDenied,
  isRetryable,
  UsageError,
} from "../../../lib/core/mod.ts";

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

Deno.test("errorText() tells a refusal of the sandbox in our words, with the flag", () => {
  const raw = 'Requires net access to "10.0.0.1:6443", run again with the --allow-net flag';
  const cause = new Deno.errors.NotCapable(raw);
  const error = new AppError("no answer", { kind: "unavailable", cause });
  const flag = "start it with deno run --allow-net=10.0.0.1:6443";
  assert.equal(errorText(error), `no answer: berth has no net permission: ${flag}`);
  assert.equal(isDenied(error), true);
  assert.equal(isDenied(new AppError("x", { kind: "forbidden" })), false);
});
