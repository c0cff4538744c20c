import assert from "assert";
import { stateAnnotation } from "../../../lib/keepalived/cloud_state.ts";
import { planVips } from "../../../lib/keepalived/plan_vips.ts";
import type { VipConfigMap } from "../../../lib/keepalived/types.ts";
import { addressesOf, vipService, vipWorld } from "../../fakes/vip_world.ts";

/** A ConfigMap as keepalived-cloud-provider leaves it: default method NAT, one Service with DR. */
const configMap: VipConfigMap = {
  resourceVersion: "4711",
  annotations: {
    [stateAnnotation]: JSON.stringify({
      services: [
        entry("web", "10.210.38.65", "NAT"),
        entry("dns", "10.210.38.67", "DR"),
        entry("outside", "192.0.2.1", "NAT"),
        entry("shared", "10.210.38.65", "NAT"),
      ],
    }),
  },
  data: {
    "10.210.38.65": "default/shared:NAT",
    "10.210.38.67": "default/dns:DR",
    "192.0.2.1": "default/outside:NAT",
  },
};

function entry(serviceName: string, ip: string, forwardMethod: string) {
  return { uid: `u-${serviceName}`, ip, serviceNamespace: "default", serviceName, forwardMethod };
}

const ingress = (ip: string) => ({ ingress: [{ ip }] });
const services = [
  vipService("web", ingress("10.210.38.65")),
  vipService("dns", {
    ...ingress("10.210.38.67"),
    annotations: { "k8s.co/keepalived-forward-method": "DR" },
  }),
  vipService("outside", { ...ingress("192.0.2.1"), spec: { loadBalancerIP: "192.0.2.1" } }),
  vipService("shared", { ...ingress("10.210.38.65"), spec: { loadBalancerIP: "10.210.38.65" } }),
];
const world = vipWorld(services, { cidr: "10.210.38.100/26", configMap, method: "NAT" });

Deno.test("KCP-takeover: what the peer left is taken over without one change", () => {
  const plan = planVips(world);
  assert.equal(plan.patch, undefined);
  assert.deepEqual(plan.released, []);
  assert.deepEqual(plan.outcomes.filter((one) => one.change !== "none" || one.problem), []);
});

Deno.test("KCP-takeover-next: the next Service gets the lowest address that nobody has", () => {
  const plan = planVips({ ...world, services: [...services, vipService("new")] });
  assert.equal(addressesOf(plan)["new"], "10.210.38.66");
});
