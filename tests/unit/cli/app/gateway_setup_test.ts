import assert from "assert";
import { GatewaySetup } from "../../../../lib/cli/app/gateway_setup.ts";
import { GatewayStore } from "../../../../lib/cli/app/gateway_store.ts";
import { ObjectWriter } from "../../../../lib/cli/app/object_writer.ts";
import { supportedFeatures } from "../../../../lib/gateway/mod.ts";
import type { KubeObject } from "../../../../lib/kube/types.ts";
import { FakeApi, type FakeObject } from "../../../fakes/fake_api.ts";
import { FakeClock } from "../../../fakes/fake_clock.ts";
import { gatewayClass } from "../../../fakes/gateway_objects.ts";

const definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const classes = "/apis/gateway.networking.k8s.io/v1/gatewayclasses";
const httpRoutes = "httproutes.gateway.networking.k8s.io";

function bed(present: readonly KubeObject[] = []) {
  const api = new FakeApi();
  const store = new GatewayStore();
  const clock = new FakeClock(Date.UTC(2026, 0, 1));
  const signal = new AbortController().signal;
  const known = new Map(present.map((object) => [object.metadata.name, object]));
  const writer = new ObjectWriter({
    undone: () => {},
    ...{ client: api, clock, signal },
    version: () => "v1",
    seen: (kind, key) => store.object(kind, key),
  });
  const setup = new GatewaySetup({
    ...{ cluster: "one", channel: "standard", client: api, clock, signal, store, writer },
    definitions: () => known,
  });
  const see = (object: object) =>
    store.put("GatewayClass", api.put(classes, object as FakeObject) as never);
  return { api, store, setup, see };
}

function definition(name: string, annotations = {}): KubeObject {
  return { metadata: { name, uid: "", resourceVersion: "", annotations } };
}

Deno.test("install() makes what is absent, and touches nothing of others", async () => {
  const { api, setup } = bed([definition(httpRoutes)]);
  await setup.install();
  assert.equal(api.writes.length, 9);
  assert.ok(api.writes.every((write) => write === `POST ${definitions}`));
  assert.equal(api.at(`${definitions}/${httpRoutes}`), undefined);
  const made = api.at(`${definitions}/gateways.gateway.networking.k8s.io`);
  assert.equal(made?.metadata.labels?.["app.kubernetes.io/managed-by"], "berth");
});

Deno.test("install() goes on where another program was faster", async () => {
  const { api, setup } = bed();
  api.define("gateways");
  await setup.install();
  assert.equal(api.writes.length, 10);
  assert.equal(
    api.at(`${definitions}/gateways.gateway.networking.k8s.io`)?.metadata.labels,
    undefined,
  );
});

Deno.test("install() brings our own older definitions up to date", async () => {
  const old = definition(httpRoutes, { "gateway.networking.k8s.io/bundle-version": "v1.5.0" });
  const labels = { "app.kubernetes.io/managed-by": "berth" };
  const { api, setup } = bed([{ metadata: { ...old.metadata, labels } }]);
  api.define("httproutes", ["v1beta1"]);
  await setup.install();
  assert.ok(api.writes.includes(`PATCH ${definitions}/${httpRoutes}`));
  assert.equal(api.at(`${definitions}/${httpRoutes}`)?.["spec"].versions[0].name, "v1");
});

Deno.test("createClasses() makes the two classes, or the one that is missing", async () => {
  const { api, setup, see } = bed();
  api.define("gatewayclasses");
  see(gatewayClass("cloud-provider-kind", "example.com/theirs"));
  await setup.createClasses();
  assert.equal(api.at(`${classes}/berth`)?.["spec"].controllerName, "berth.dev/gateway-controller");
  const { controllerName } = api.at(`${classes}/cloud-provider-kind`)?.["spec"] ?? {};
  assert.equal(controllerName, "example.com/theirs");
});

Deno.test("reportClass() tells features once, of our classes alone", async () => {
  const { api, setup, see } = bed();
  see(gatewayClass());
  see(gatewayClass("other", "example.com/theirs"));
  await setup.reportClass("berth");
  await setup.reportClass("berth");
  await setup.reportClass("other");
  assert.deepEqual(api.writes, [`PATCH ${classes}/berth/status`]);
  const { conditions, supportedFeatures: features } = api.at(`${classes}/berth`)?.["status"] ?? {};
  assert.equal(conditions[0].observedGeneration, 1);
  assert.deepEqual(
    features,
    supportedFeatures("standard").map((name) => ({ name })),
  );
});

Deno.test("reportClass() claims what the installed definitions can carry", async () => {
  const channel = { "gateway.networking.k8s.io/channel": "experimental" };
  const { api, setup, see } = bed([definition(httpRoutes, channel)]);
  see(gatewayClass());
  await setup.reportClass("berth");
  assert.equal(
    api.at(`${classes}/berth`)?.["status"].supportedFeatures.length,
    supportedFeatures("experimental").length,
  );
});
