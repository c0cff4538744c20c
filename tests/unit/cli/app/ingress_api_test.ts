import assert from "assert";
import {
  createIngressClasses,
  watchIngresses,
  writeIngressStatus,
} from "../../../../lib/cli/app/ingress_api.ts";
import { IngressStore } from "../../../../lib/cli/app/ingress_store.ts";
import { FakeApi, type FakeObject } from "../../../fakes/fake_api.ts";
import { FakeClock } from "../../../fakes/fake_clock.ts";
import { ingress, to } from "../../../fakes/ingress_objects.ts";

const group = "/apis/networking.k8s.io/v1";
const classes = `${group}/ingressclasses`;
const annotation = "ingressclass.kubernetes.io/is-default-class";
const signal = new AbortController().signal;

function isDefault(api: FakeApi, name: string): string | undefined {
  return api.at(`${classes}/${name}`)?.metadata.annotations?.[annotation];
}

Deno.test("watchIngresses() keeps the store in step until it is stopped", async () => {
  const api = new FakeApi();
  const store = new IngressStore();
  const stop = new AbortController();
  let changes = 0;
  const spec = { ingressClassName: "berth", defaultBackend: to("web") };
  const object = ingress("a", spec) as unknown as FakeObject;
  const waiting = { promise: Promise.resolve(), resolve: () => {} };
  const watches = watchIngresses({
    ...{ cluster: "one", client: api, clock: new FakeClock(0), signal: stop.signal, store },
    random: () => 0,
    changed: () => {
      changes++;
      waiting.resolve();
    },
  });
  await watches.synced;
  assert.equal(changes, 2);
  Object.assign(waiting, Promise.withResolvers<void>());
  api.put(`${group}/namespaces/shop/ingresses`, object);
  await waiting.promise;
  assert.deepEqual(store.ours().map(({ metadata }) => metadata.name), ["a"]);
  stop.abort();
  await watches.ended;
});

Deno.test("createIngressClasses() makes both classes, the first as default", async () => {
  const api = new FakeApi();
  await createIngressClasses([], { client: api, signal, asDefault: true });
  assert.equal(isDefault(api, "cloud-provider-kind"), "true");
  assert.equal(isDefault(api, "berth"), undefined);
  assert.deepEqual(api.at(`${classes}/berth`)?.["spec"], {
    controller: "berth.dev/ingress-controller",
  });
  await createIngressClasses([], { client: api, signal, asDefault: true });
});

Deno.test("createIngressClasses() leaves the default of a cluster alone", async () => {
  const api = new FakeApi();
  const metadata = { name: "nginx", uid: "n", resourceVersion: "1" };
  const nginx = { metadata: { ...metadata, annotations: { [annotation]: "true" } } };
  await createIngressClasses([nginx], { client: api, signal, asDefault: true });
  assert.equal(isDefault(api, "cloud-provider-kind"), undefined);
  assert.ok(api.at(`${classes}/cloud-provider-kind`));
});

Deno.test("createIngressClasses() marks none where that is switched off", async () => {
  const api = new FakeApi();
  await createIngressClasses([], { client: api, signal, asDefault: false });
  assert.equal(isDefault(api, "cloud-provider-kind"), undefined);
});

Deno.test("writeIngressStatus() writes into what exists", async () => {
  const api = new FakeApi();
  const path = `${group}/namespaces/shop/ingresses`;
  api.put(path, ingress("a", {}) as unknown as FakeObject);
  const loadBalancer = { ingress: [{ ip: "172.18.255.1" }] };
  for (const name of ["a", "gone"]) {
    await writeIngressStatus({ namespace: "shop", name, loadBalancer }, { client: api, signal });
  }
  assert.deepEqual(api.at(`${path}/a`)?.["status"], { loadBalancer });
});
