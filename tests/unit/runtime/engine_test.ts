import assert from "assert";
import { errorKind, errorText } from "../../../lib/core/mod.ts";
import type { SocketFault } from "../../fakes/engine_socket.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";
import { socketBed } from "../../fakes/socket_bed.ts";

// what every engine does is in tests/contract/engine.ts; here is what goes wrong on the way

const ALL = { labels: [] };

Deno.test("createEngine() rejects a listing that is broken or cut, never a shorter list", async () => {
  await using bed = await socketBed({});
  for (const name of ["a", "b", "c"]) bed.fake.run({ name, networks: { kind: {} } });
  for (const fault of ["error", "garbage", "shortened", "truncated", "reset"] as SocketFault[]) {
    bed.socket.failListings(fault);
    const error = await bed.engine.containers(ALL).then(() => undefined, (reason) => reason);
    assert.equal(errorKind(error), "unavailable", fault);
    assert.match(errorText(error), /container/, fault);
    assert.equal((await bed.engine.containers(ALL)).length, 3);
  }
});

Deno.test("createEngine() gives up on an engine that does not answer", async () => {
  const clock = new FakeClock();
  await using bed = await socketBed({ clock });
  bed.socket.failListings("hang");
  const outcome = bed.engine.containers(ALL).then(() => "answer", errorKind);
  await clock.advance(15_000);
  assert.equal(await outcome, "timeout");
  assert.equal(clock.sleeping, 0);
});

Deno.test("createEngine() fails with a remedy while the engine is gone and works again", async () => {
  await using bed = await socketBed({});
  await bed.socket.down();
  const gone = await bed.engine.containers(ALL).catch(errorText);
  assert.match(String(gone), /cannot list containers: .*engine\.sock: start the engine/);
  bed.socket.up();
  assert.deepEqual(await bed.engine.containers(ALL), []);
});

Deno.test("createEngine() ends sessions and requests when disposed", async () => {
  await using bed = await socketBed({});
  bed.fake.run({ name: "a" });
  const session = await bed.engine.session("a", ["bash"]);
  const end = Array.fromAsync(session.lines);
  bed.socket.failListings("hang");
  const pending = bed.engine.containers(ALL).then(() => "answer", errorKind);
  await bed.engine[Symbol.asyncDispose]();
  assert.deepEqual(await end, []);
  assert.equal(await pending, "canceled");
  assert.equal(await bed.engine.containers(ALL).then(() => "answer", errorKind), "canceled");
});

Deno.test("createEngine() takes a network's whole name only", async () => {
  await using bed = await socketBed({});
  bed.fake.addNetwork({ name: "kind", subnets: ["10.0.0.0/24"], ranges: [], gateways: [] });
  const { id } = await bed.engine.network("kind");
  assert.match(id, /^[0-9a-f]{64}$/);
  assert.equal(await bed.engine.network("kin").then(() => "found", errorKind), "not-found");
});
