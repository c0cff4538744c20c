import assert from "assert";
import { VipStore } from "../../../../lib/cli/app/vip_store.ts";
import { vipConfigMap, vipService } from "../../../fakes/vip_world.ts";

const at = (resourceVersion: string, uid = "u-a") =>
  vipService("a", { metadata: { resourceVersion, uid } });
const object = (resourceVersion: string) => ({
  metadata: { name: "vips", namespace: "ns", uid: "u", resourceVersion },
  data: { "10.0.0.1": "default/a" },
});

Deno.test("VipStore is synced when all has been listed, or nodes may not be", () => {
  const store = new VipStore();
  store.syncServices([]);
  store.syncConfigMap([]);
  assert.equal(store.synced, false);
  store.syncNodes(undefined);
  assert.equal(store.synced, true);
  assert.equal(store.configMap, undefined);
});

Deno.test("VipStore keeps the later state of a Service and of the ConfigMap", () => {
  const store = new VipStore();
  store.putService(at("5"));
  store.putService(at("4"));
  assert.deepEqual(store.services.map(({ metadata }) => metadata.resourceVersion), ["5"]);
  store.syncConfigMap([object("7")]);
  store.putConfigMap({ ...vipConfigMap([]), resourceVersion: "6" });
  assert.equal(store.configMap?.resourceVersion, "7");
  assert.deepEqual(store.configMap?.data, { "10.0.0.1": "default/a" });
  store.dropConfigMap();
  assert.equal(store.configMap, undefined);
});

Deno.test("VipStore knows which Services it saw go", () => {
  const store = new VipStore();
  store.putService(at("5", "u-1"));
  store.putService(at("6", "u-2"));
  assert.equal(store.sawDeleted("u-1"), true, "made again under its name");
  store.dropService(at("5", "u-1"));
  assert.equal(store.services.length, 1, "the deletion of the former one came late");
  store.dropService(at("7", "u-2"));
  assert.deepEqual(store.services, []);
  assert.equal(store.sawDeleted("u-2"), true);
  assert.equal(store.sawDeleted("u-2"), false, "asked once");
  assert.equal(store.sawDeleted("u-3"), false);
  store.dropService(at("8", "u-4"));
  store.forgetDeleted();
  assert.equal(store.sawDeleted("u-4"), false);
});

Deno.test("VipStore knows the addresses of nodes, and whether a report of one is news", () => {
  const node = (name: string, ...addresses: readonly string[]) => ({
    metadata: { name, uid: name, resourceVersion: "1" },
    status: { addresses: addresses.map((address) => ({ type: "InternalIP", address })) },
  });
  const store = new VipStore();
  store.syncNodes([node("gone", "10.0.0.9")]);
  store.syncNodes([node("one", "10.0.0.1")]);
  const news = [node("one", "10.0.0.1"), node("one", "10.0.0.2"), node("two", "10.0.0.3")]
    .map((one) => store.putNode(one));
  assert.deepEqual(news, [false, true, true]);
  assert.deepEqual([...store.reserved], [["10.0.0.2", "node one"], ["10.0.0.3", "node two"]]);
  store.syncNodes(undefined);
  store.dropNode(node("two"));
  assert.deepEqual([...store.reserved.keys()], ["10.0.0.2"]);
});
