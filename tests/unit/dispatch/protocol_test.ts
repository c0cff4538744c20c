import assert from "assert";
import { AppError } from "../../../lib/core/mod.ts";
import {
  decodeToMain,
  decodeToWorker,
  fromWireError,
  type ToMain,
  toWireError,
  type ToWorker,
  wireResult,
} from "../../../lib/dispatch/protocol.ts";

const error = { kind: "conflict", message: "taken" } as const;

const toWorker: readonly ToWorker[] = [
  { type: "init", version: 1, value: { socket: "/run/x" } },
  { type: "broadcast", topic: "nodes", value: [] },
  { type: "job", id: 1, key: "a", job: { kind: "remove" } },
  { type: "job", id: 1, key: "a", job: null, traceparent: "00-1-2-01" },
  { type: "cancel", id: 1, error },
  { type: "reply", id: 1, result: { ok: true, value: 7 } },
  { type: "reply", id: 1, result: { ok: false, error } },
  { type: "drain" },
];

const toMain: readonly ToMain[] = [
  { type: "ready", version: 1 },
  { type: "refused", error },
  { type: "outcome", id: 1, result: { ok: true, value: undefined } },
  { type: "outcome", id: 1, result: { ok: false, error } },
  { type: "call", id: 1, name: "commit", args: {} },
  { type: "call", id: 1, name: "commit", args: {}, job: 3 },
  { type: "notice", value: "moved" },
  { type: "fault", topic: "nodes", error },
  { type: "drained" },
];

for (const message of toWorker) {
  Deno.test(`decodeToWorker() reads ${JSON.stringify(message)}`, () => {
    assert.deepEqual(decodeToWorker(structuredClone(message)), message);
  });
}

for (const message of toMain) {
  Deno.test(`decodeToMain() reads ${JSON.stringify(message)}`, () => {
    assert.deepEqual(decodeToMain(structuredClone(message)), message);
  });
}

for (
  const message of [
    ...[undefined, null, 7, "ready", {}, { type: "unknown" }, { type: "ready" }],
    ...[{ type: "outcome", id: "1", result: { ok: true } }, { type: "outcome", id: 1 }],
    { type: "outcome", id: 1, result: { ok: false, error: { kind: "odd", message: "x" } } },
    { type: "call", id: 1, name: 5, args: [] },
  ]
) {
  Deno.test(`decodeToMain() refuses ${JSON.stringify(message)}`, () => {
    assert.throws(() => decodeToMain(message), { kind: "internal", message: /malformed/ });
    assert.throws(() => decodeToWorker(message), { kind: "internal", message: /malformed/ });
  });
}

Deno.test("toWireError() and fromWireError() keep kind and text, with the causes", () => {
  const cause = new Error("port 80 is busy");
  const there = toWireError(new AppError("cannot bind", { kind: "unavailable", cause }));
  const back = fromWireError(structuredClone(there));
  assert.deepEqual([back.kind, back.message], ["unavailable", "cannot bind: port 80 is busy"]);
  assert.deepEqual(toWireError("odd"), { kind: "internal", message: "odd" });
});

Deno.test("wireResult() packs values, rejections and throws", async () => {
  assert.deepEqual(await wireResult(() => 1), { ok: true, value: 1 });
  assert.deepEqual(await wireResult(() => Promise.resolve("x")), { ok: true, value: "x" });
  const fail = () => {
    throw new AppError("taken", { kind: "conflict" });
  };
  assert.deepEqual(await wireResult(fail), { ok: false, error });
  assert.deepEqual(await wireResult(() => Promise.reject(fromWireError(error))), {
    ok: false,
    error,
  });
});
