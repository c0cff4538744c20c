import assert from "assert";
import { AppError } from "../../../lib/core/mod.ts";
import { engineError, SocketError } from "../../../lib/runtime/engine_error.ts";

const REQUEST = { what: "list containers", socketPath: "/run/x.sock" };

Deno.test("engineError() names the fault of the socket and its remedy", () => {
  const rows = [
    ["ENOENT", "missing", "unavailable", "start the engine"],
    ["EACCES", "permission denied", "forbidden", "docker group"],
    ["ECONNREFUSED", "nothing listens", "unavailable", "start the engine"],
    ["ECONNRESET", "connection closed", "unavailable", "restarted"],
    ["EPIPE", "connection closed", "unavailable", "restarted"],
  ] as const;
  for (const [code, fault, kind, remedy] of rows) {
    const error = engineError(Object.assign(new Error("x"), { code }), REQUEST);
    assert.ok(error instanceof SocketError);
    assert.deepEqual([error.fault, error.kind], [fault, kind]);
    assert.match(error.message, new RegExp(`^cannot list containers: .*/run/x.sock.*${remedy}`));
  }
});

Deno.test("engineError() tells which permissions Deno lacks", () => {
  const error = engineError(new Deno.errors.NotCapable("no"), REQUEST);
  assert.equal(error.kind, "forbidden");
  assert.match(error.message, /--allow-net=unix:\/run\/x\.sock/);
});

Deno.test("engineError() maps the engine's status and keeps its sentence", () => {
  const rows = [
    [404, "not-found"],
    [409, "conflict"],
    [403, "forbidden"],
    [500, "unavailable"],
    [503, "unavailable"],
    [400, "invalid"],
  ] as const;
  for (const [statusCode, kind] of rows) {
    const text = `(HTTP code ${statusCode}) some words - the sentence - whole `;
    const plain = engineError(Object.assign(new Error(text), { statusCode }), REQUEST);
    assert.equal(plain.kind, kind);
    assert.equal(plain.message, "cannot list containers: the sentence - whole");
    const json = { message: "from the body" };
    const whole = engineError(Object.assign(new Error(text), { statusCode, json }), REQUEST);
    assert.equal(whole.message, "cannot list containers: from the body");
  }
});

Deno.test("engineError() leaves what has a kind and takes the rest for unavailable", () => {
  const own = new AppError("own", { kind: "conflict" });
  assert.equal(engineError(own, REQUEST), own);
  assert.equal(engineError(new DOMException("late", "TimeoutError"), REQUEST).kind, "timeout");
  assert.equal(engineError(new DOMException("end", "AbortError"), REQUEST).kind, "canceled");
  assert.equal(engineError(new Error("socket hang up"), REQUEST).kind, "unavailable");
  assert.equal(engineError("text", REQUEST).message, "cannot list containers: text");
});
