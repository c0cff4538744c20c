import assert from "assert";
import { GatewayStore } from "../../../../lib/cli/app/gateway_store.ts";
import { type Decide, ObjectWriter } from "../../../../lib/cli/app/object_writer.ts";
import { FakeApi, type FakeObject } from "../../../fakes/fake_api.ts";
import { FakeClock } from "../../../fakes/fake_clock.ts";
import { gateway } from "../../../fakes/gateway_objects.ts";

const gateways = "/apis/gateway.networking.k8s.io/v1/namespaces/ns/gateways";

function bed(clock = new FakeClock(0)) {
  const api = new FakeApi();
  const store = new GatewayStore();
  const undone: string[] = [];
  const see = (object: FakeObject) => store.put("Gateway", object as never);
  see(api.put(gateways, gateway() as unknown as FakeObject));
  const writer = new ObjectWriter({
    client: api,
    clock,
    signal: new AbortController().signal,
    version: () => "v1",
    seen: (kind, key) => store.object(kind, key),
    undone: (kind, key, retryMs) => {
      undone.push(`${kind}/${key} ${retryMs}`);
    },
  });
  const write = (decide: Decide) => writer.write("Gateway", "ns/gw", decide);
  return { api, see, write, clock, undone };
}

Deno.test("write() patches the status on the version that was decided on", async () => {
  const { api, write } = bed();
  assert.equal(await write(() => ({ a: 1 })), true);
  assert.deepEqual(api.at(`${gateways}/gw`)?.["status"], { a: 1 });
  assert.deepEqual(api.writes, [`PATCH ${gateways}/gw/status`]);
});

Deno.test("write() writes nothing where nothing is decided", async () => {
  const { api, write } = bed();
  assert.equal(await write(() => undefined), false);
  assert.deepEqual(api.writes, []);
});

Deno.test("write() decides again on the newest object when another writer was faster", async () => {
  const { api, write } = bed();
  api.put(gateways, { ...api.at(`${gateways}/gw`), status: { theirs: 1 } } as never);
  const seen: unknown[] = [];
  await write((object) => {
    seen.push((object as { readonly status?: unknown }).status);
    return { ours: 1 };
  });
  assert.deepEqual(seen, [undefined, { theirs: 1 }]);
  assert.deepEqual(api.at(`${gateways}/gw`)?.["status"], { theirs: 1, ours: 1 });
});

Deno.test("write() knows its own last write before the watch tells of it", async () => {
  const { write } = bed();
  await write(() => ({ a: 1 }));
  await write((object) => {
    assert.deepEqual((object as { readonly status?: unknown }).status, { a: 1 });
    return undefined;
  });
});

Deno.test("write() runs one after the other for one object", async () => {
  const { write } = bed();
  const order: string[] = [];
  const slow = write(() => {
    order.push("first");
    return { a: 1 };
  });
  const next = write((object) => {
    order.push(JSON.stringify((object as { readonly status?: unknown }).status));
    return undefined;
  });
  await Promise.all([slow, next]);
  assert.deepEqual(order, ["first", '{"a":1}']);
});

Deno.test("write() takes no notice of an object that is gone", async () => {
  const { api, write } = bed();
  api.remove(`${gateways}/gw`);
  assert.equal(await write(() => ({ a: 1 })), false);
});

Deno.test("write() stops fighting a program that undoes it, and tries again later", async () => {
  const clock = new FakeClock(0);
  const { api, see, write, undone } = bed(clock);
  const undo = () => {
    const { status: _, ...rest } = api.at(`${gateways}/gw`) as FakeObject;
    see(api.put(gateways, rest as FakeObject));
  };
  let written = 0;
  for (let round = 0; round < 20; round++) {
    if (await write(() => ({ a: 1 }))) written++;
    undo();
  }
  assert.equal(written, 6);
  assert.deepEqual([...new Set(undone)], ["Gateway/ns/gw 30001"]);
  await clock.advance(30_001);
  assert.equal(await write(() => ({ a: 1 })), true);
});

Deno.test("write() does not take lost races for a program that undoes it", async () => {
  const { api, write } = bed();
  let faster = 6;
  const race = () => {
    if (faster-- > 0) api.put(gateways, { ...api.at(`${gateways}/gw`), other: faster } as never);
    return { a: 1 };
  };
  await assert.rejects(write(race), { kind: "conflict" });
  assert.equal(await write(race), true);
  assert.deepEqual(api.at(`${gateways}/gw`)?.["status"], { a: 1 });
});
