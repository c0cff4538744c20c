import assert from "assert";
import type { AppError } from "../../../lib/core/mod.ts";
import type { ToMain } from "../../../lib/dispatch/protocol.ts";
import { openWorker } from "../../../lib/dispatch/worker_channel.ts";

function open(entry: string) {
  const messages: ToMain[] = [];
  const crashes: AppError[] = [];
  let next = Promise.withResolvers<void>();
  const happened = () => {
    next.resolve();
    next = Promise.withResolvers();
  };
  const channel = openWorker({
    entry: new URL(`../../fixtures/workers/${entry}`, import.meta.url),
    ...{ name: "w", permissions: "none" },
  }, {
    message(message) {
      messages.push(message);
      happened();
    },
    crashed(error) {
      crashes.push(error);
      happened();
    },
  });
  const say = (value: unknown) => channel.send({ type: "init", version: 1, value });
  return { channel, messages, crashes, say, next: () => next.promise };
}

Deno.test("openWorker() hands on decoded messages", async () => {
  const { channel, messages, say, next } = open("rude_worker.ts");
  say({ type: "ready", version: 1, extra: true });
  await next();
  assert.deepEqual(messages, [{ type: "ready", version: 1 }]);
  channel.terminate();
});

Deno.test("openWorker() takes a malformed message for a crash, once", async () => {
  const { channel, messages, crashes, say, next } = open("rude_worker.ts");
  say("hello");
  say({ type: "ready", version: 1 });
  await next();
  assert.equal(crashes.length, 1);
  assert.equal(crashes[0]?.kind, "unavailable");
  assert.match(crashes[0]?.message ?? "", /^worker w sent a malformed message/);
  assert.deepEqual(messages, []);
  say("into the void"); // a message to a worker that is gone is nobody's fault
  channel.terminate();
});

Deno.test("openWorker() reports an entry that cannot be loaded", async () => {
  const { crashes, next } = open("missing.ts");
  await next();
  assert.match(crashes[0]?.message ?? "", /^worker w crashed: ./);
});

Deno.test("send() refuses what cannot be copied", () => {
  const { channel, say } = open("rude_worker.ts");
  assert.throws(() => say(() => {}), { kind: "internal", message: /send plain data only/ });
  channel.terminate();
});
