import assert from "assert";
import { GatewayAccounts } from "../../../../lib/cli/app/gateway_accounts.ts";
import { FakeApi } from "../../../fakes/fake_api.ts";
import { gateway } from "../../../fakes/gateway_objects.ts";

const accounts = "/api/v1/namespaces/ns/serviceaccounts";
const spec = { gatewayClassName: "berth", infrastructure: { labels: { team: "a" } } };
const infrastructure = { labels: { team: "a" }, annotations: { note: "b" } };

function bed() {
  const api = new FakeApi();
  const signal = new AbortController().signal;
  return { api, made: new GatewayAccounts({ client: api, signal }) };
}

Deno.test("ensure() makes an account that carries labels, annotations and its owner", async () => {
  const { api, made } = bed();
  await made.ensure(gateway("gw", { spec }), infrastructure);
  const { metadata } = api.at(`${accounts}/gw-berth`) ?? { metadata: undefined };
  assert.deepEqual(metadata?.labels, { team: "a", "gateway.networking.k8s.io/gateway-name": "gw" });
  assert.deepEqual(metadata?.annotations, { note: "b" });
  const { ownerReferences } = metadata as unknown as { readonly ownerReferences: unknown };
  assert.deepEqual(ownerReferences, [{
    ...{ apiVersion: "gateway.networking.k8s.io/v1", kind: "Gateway", name: "gw", uid: "uid-gw" },
  }]);
});

Deno.test("ensure() makes nothing for a Gateway that asks for nothing", async () => {
  const { api, made } = bed();
  await made.ensure(gateway(), infrastructure);
  assert.deepEqual(api.writes, []);
});

Deno.test("ensure() writes once, and again when something changed", async () => {
  const { api, made } = bed();
  await made.ensure(gateway("gw", { spec }), infrastructure);
  await made.ensure(gateway("gw", { spec }), infrastructure);
  assert.equal(api.writes.length, 1);
  await made.ensure(gateway("gw", { spec }), { ...infrastructure, annotations: { note: "c" } });
  assert.equal(api.at(`${accounts}/gw-berth`)?.metadata.annotations?.["note"], "c");
});

Deno.test("ensure() takes away what is asked for no more, and nothing of others", async () => {
  const { api, made } = bed();
  await made.ensure(gateway("gw", { spec }), infrastructure);
  const { metadata } = api.at(`${accounts}/gw-berth`) ?? assert.fail();
  const labels = { ...metadata.labels, theirs: "x" };
  api.put(accounts, { metadata: { ...metadata, labels } });
  const found = () => api.at(`${accounts}/gw-berth`)?.metadata;
  await made.ensure(gateway("gw", { spec }), { labels: {}, annotations: { note: "b" } });
  assert.deepEqual([found()?.labels?.["team"], found()?.labels?.["theirs"]], [undefined, "x"]);
  await made.ensure(gateway("gw"), { labels: {}, annotations: {} });
  assert.deepEqual(found()?.annotations, {});
});

Deno.test("ensure() takes over the account of a Gateway of the same name that is gone", async () => {
  const { api, made } = bed();
  await made.ensure(gateway("gw", { spec }), infrastructure);
  made.forget("ns/gw");
  await made.ensure(gateway("gw", { spec, metadata: { uid: "next" } }), infrastructure);
  const { metadata } = api.at(`${accounts}/gw-berth`) ?? assert.fail();
  const { ownerReferences } = metadata as unknown as {
    readonly ownerReferences: readonly { readonly uid: string }[];
  };
  assert.deepEqual(ownerReferences.map(({ uid }) => uid), ["next"]);
});

Deno.test("ensure() leaves an account alone that is somebody else's", async () => {
  const { api, made } = bed();
  api.put(accounts, { metadata: { name: "gw-berth", namespace: "ns" } });
  await made.ensure(gateway("gw", { spec }), infrastructure);
  assert.equal(api.at(`${accounts}/gw-berth`)?.metadata.labels, undefined);
});
