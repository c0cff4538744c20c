import assert from "assert";
import { networkPools } from "../../../../lib/addresses/mod.ts";
import { releaseRoutes } from "../../../../lib/cli/sources/release_routes.ts";
import { FakeApi, type FakeObject } from "../../../fakes/fake_api.ts";
import { FakeClock } from "../../../fakes/fake_clock.ts";
import { gateway, gatewayClass, listenerSet } from "../../../fakes/gateway_objects.ts";
import { ingress, to } from "../../../fakes/ingress_objects.ts";

const group = "/apis/gateway.networking.k8s.io/v1";
const gateways = `${group}/namespaces/ns/gateways`;
const sets = `${group}/namespaces/ns/listenersets`;
const ingresses = "/apis/networking.k8s.io/v1/namespaces/shop/ingresses";
const pools = networkPools({ name: "kind", subnets: ["172.18.0.0/16"] });
const given = "172.18.255.3";
/** As the engine gives them to containers, such as another program's proxies. */
const foreign = "172.18.0.5";

const at = { lastTransitionTime: "2026-01-01T00:00:00Z" };
const conditions = [
  { type: "Programmed", status: "True", reason: "Programmed", message: "", ...at },
] as const;

class Cluster {
  readonly api = new FakeApi();

  put(collection: string, object: unknown): void {
    this.api.put(collection, object as FakeObject);
  }

  gateway(name: string, value: string | undefined, spec: object = {}): void {
    const addresses = value === undefined ? {} : { addresses: [{ type: "IPAddress", value }] };
    const made = gateway(name, { status: { ...addresses, conditions } });
    this.put(gateways, { ...made, spec: { ...made.spec, ...spec } });
  }

  ingress(name: string, ip: string | undefined, ingressClassName = "berth"): void {
    const shown = ip === undefined ? [] : [{ ip }];
    const made = ingress(name, { ingressClassName, defaultBackend: to("web") });
    this.put(ingresses, { ...made, status: { loadBalancer: { ingress: shown } } });
  }

  async release() {
    const { signal } = new AbortController();
    const clock = new FakeClock(Date.UTC(2026, 1, 1));
    const released = await releaseRoutes({ client: this.api, pools, clock, signal });
    return released.map(({ what, name }) => `${what} ${name}`);
  }
}

Deno.test("releaseRoutes() ends Gateways that have an address of berth's, and no others", async () => {
  const cluster = new Cluster();
  for (const plural of ["gatewayclasses", "gateways", "listenersets"]) cluster.api.define(plural);
  cluster.put(`${group}/gatewayclasses`, gatewayClass());
  cluster.put(`${group}/gatewayclasses`, gatewayClass("other", "example.com/other"));
  cluster.gateway("ours", given);
  cluster.gateway("asked", foreign, { addresses: [{ type: "IPAddress", value: foreign }] });
  cluster.gateway("peers", foreign);
  cluster.gateway("waiting", undefined);
  cluster.gateway("theirs", given, { gatewayClassName: "other" });
  cluster.put(sets, { ...listenerSet("set", "ours"), status: { conditions } });
  assert.deepEqual(await cluster.release(), ["gateway ns/ours", "gateway ns/asked"]);
  for (const [path, ended] of Object.entries({ ours: true, asked: true, peers: false })) {
    const { addresses, conditions: [one] } = cluster.api.at(`${gateways}/${path}`)?.["status"];
    assert.deepEqual([addresses === undefined, one.status], [ended, ended ? "False" : "True"]);
  }
  const [ended] = cluster.api.at(`${sets}/set`)?.["status"].conditions;
  assert.match(ended.message, /^berth serves this Gateway no more/);
  assert.equal(ended.lastTransitionTime, "2026-02-01T00:00:00Z");
  assert.equal(cluster.api.writes.length, 3);
});

Deno.test("releaseRoutes() empties Ingresses that show an address of berth's", async () => {
  const cluster = new Cluster();
  cluster.ingress("ours", given);
  cluster.ingress("peers", foreign, "cloud-provider-kind");
  cluster.ingress("theirs", given, "nginx");
  cluster.ingress("waiting", undefined);
  assert.deepEqual(await cluster.release(), ["ingress shop/ours"]);
  const status = (name: string) =>
    cluster.api.at(`${ingresses}/${name}`)?.["status"].loadBalancer.ingress;
  assert.deepEqual(status("ours"), []);
  assert.deepEqual([status("peers"), status("theirs")], [[{ ip: foreign }], [{ ip: given }]]);
  assert.deepEqual(await cluster.release(), []);
});
