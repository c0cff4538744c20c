import assert from "assert";
import { followEvents } from "../../../lib/runtime/events.ts";
import { EngineClient } from "../../../lib/runtime/client.ts";
import type { EngineEvent } from "../../../lib/runtime/types.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";
import { socketBed } from "../../fakes/socket_bed.ts";

Deno.test("followEvents() re-opens a cut stream and tells resync again", async () => {
  await using bed = await socketBed({});
  const stop = new AbortController();
  const told: string[] = [];
  for await (const event of bed.engine.events({ signal: stop.signal })) {
    told.push(wordOf(event));
    if (told.length === 1) bed.fake.create({ name: "a" });
    if (told.length === 2) bed.socket.cut();
    if (told.length === 3) bed.fake.create({ name: "b" });
    if (told.length === 4) break;
  }
  stop.abort();
  assert.deepEqual(told, ["resync", "create a", "resync", "create b"]);
});

Deno.test("followEvents() waits longer and longer for an engine that is gone", async () => {
  const clock = new FakeClock();
  const stop = new AbortController();
  const client = new EngineClient({ socketPath: "/none/engine.sock", clock });
  const asked: number[] = [];
  const start = clock.now();
  client.ask = () => {
    asked.push(clock.now() - start);
    return Promise.reject(new Error("gone"));
  };
  const end = Array.fromAsync(followEvents(client, stop.signal));
  await clock.advance(20_000);
  stop.abort();
  assert.deepEqual(await end, []);
  assert.deepEqual(asked, [0, 100, 300, 700, 1_500, 3_100, 6_300, 11_300, 16_300]);
  assert.equal(clock.sleeping, 0);
});

Deno.test("followEvents() ends at once when the client closes", async () => {
  await using bed = await socketBed({});
  const events = bed.engine.events({ signal: new AbortController().signal });
  const told: string[] = [];
  for await (const event of events) {
    told.push(wordOf(event));
    await bed.engine[Symbol.asyncDispose]();
  }
  assert.deepEqual(told, ["resync"]);
});

function wordOf(event: EngineEvent): string {
  return event.kind === "container" ? `${event.action} ${event.name}` : event.kind;
}

Deno.test("followEvents() ends at once when the engine has not even answered", async () => {
  const folder = await Deno.makeTempDir({ prefix: "berth-" });
  const path = `${folder}/engine.sock`;
  const silent = Deno.listen({ transport: "unix", path });
  const clock = new FakeClock();
  const stop = new AbortController();
  const client = new EngineClient({ socketPath: path, clock });
  const end = Array.fromAsync(followEvents(client, stop.signal));
  const conn = await silent.accept();
  stop.abort();
  assert.deepEqual(await end, []);
  assert.equal(clock.sleeping, 0);
  conn.close();
  silent.close();
  await Deno.remove(folder, { recursive: true });
});
