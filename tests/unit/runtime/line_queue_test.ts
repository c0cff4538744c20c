import assert from "assert";
import { LineQueue } from "../../../lib/runtime/line_queue.ts";

function queueWithFlow(): { readonly queue: LineQueue; readonly told: string[] } {
  const told: string[] = [];
  const flow = { pause: () => told.push("pause"), resume: () => told.push("resume") };
  return { queue: new LineQueue(flow), told };
}

Deno.test("LineQueue gives lines pushed before, while and after waiting", async () => {
  const { queue } = queueWithFlow();
  const lines = queue[Symbol.asyncIterator]();
  queue.push(["a", "b"]);
  assert.equal((await lines.next()).value, "a");
  assert.equal((await lines.next()).value, "b");
  const waiting = lines.next();
  queue.push(["c"]);
  assert.equal((await waiting).value, "c");
});

Deno.test("LineQueue.end() lets queued lines be read and takes no more", async () => {
  const { queue } = queueWithFlow();
  queue.push(["a"]);
  queue.end();
  queue.push(["b"]);
  assert.deepEqual(await Array.fromAsync(queue), ["a"]);
});

Deno.test("LineQueue.end() wakes a waiting reader", async () => {
  const { queue } = queueWithFlow();
  const waiting = queue[Symbol.asyncIterator]().next();
  queue.end();
  assert.equal((await waiting).done, true);
});

Deno.test("LineQueue.push() pauses a source far ahead until the reader has caught up", async () => {
  const { queue, told } = queueWithFlow();
  queue.push(Array.from({ length: 5_000 }, String));
  queue.push(["more"]);
  assert.deepEqual(told, ["pause"]);
  await queue[Symbol.asyncIterator]().next();
  assert.deepEqual(told, ["pause", "resume"]);
});
