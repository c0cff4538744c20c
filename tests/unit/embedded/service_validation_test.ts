import assert from "assert";
import type { ServiceSpec } from "../../../lib/embedded/service_types.ts";
import { serviceCauses, serviceChangeCauses } from "../../../lib/embedded/service_validation.ts";

const PORT = { port: 80, protocol: "TCP", targetPort: 80 } as const;
const GOOD: ServiceSpec = {
  type: "LoadBalancer",
  clusterIP: "10.96.0.1",
  clusterIPs: ["10.96.0.1"],
  ipFamilies: ["IPv4"],
  ipFamilyPolicy: "SingleStack",
  ports: [PORT],
  sessionAffinity: "None",
  externalTrafficPolicy: "Cluster",
  internalTrafficPolicy: "Cluster",
};
const PLAIN = { type: "ClusterIP", externalTrafficPolicy: undefined };

type Loose = { readonly [K in keyof ServiceSpec]?: ServiceSpec[K] | undefined };

function fields(change: Loose): readonly (string | undefined)[] {
  const spec = Object.fromEntries(
    Object.entries({ ...GOOD, ...change }).filter(([, v]) => v !== undefined),
  );
  return serviceCauses(spec).map((cause) => cause.field);
}

Deno.test("serviceCauses() finds nothing wrong with a good Service", () => {
  assert.deepEqual(fields({}), []);
  assert.deepEqual(fields(PLAIN), []);
  assert.deepEqual(
    fields({ trafficDistribution: "PreferClose", loadBalancerSourceRanges: [" 10.0.0.0/8 "] }),
    [],
  );
});

const WRONG: readonly (readonly [string, Loose])[] = [
  ["spec.type", { type: "Magic", externalTrafficPolicy: undefined }],
  ["spec.ports", { ports: undefined }],
  ["spec.ports[0].port", { ports: [{ ...PORT, port: 70_000 }] }],
  ["spec.ports[0].targetPort", { ports: [{ ...PORT, targetPort: "no_name" }] }],
  ["spec.ports[0].targetPort", { ports: [{ ...PORT, targetPort: "123" }] }],
  ["spec.ports[0].protocol", { ports: [{ ...PORT, protocol: "ICMP" }] }],
  ["spec.ports[0].appProtocol", { ports: [{ ...PORT, appProtocol: "a/b/c" }] }],
  ["spec.ports[1].name", { ports: [{ ...PORT, name: "a" }, { ...PORT, port: 81, name: "a" }] }],
  ["spec.ports[1].nodePort", {
    ports: [{ ...PORT, name: "a", nodePort: 30_000 }, {
      ...PORT,
      port: 81,
      name: "b",
      nodePort: 30_000,
    }],
  }],
  ["spec.ports[0].nodePort", { ...PLAIN, ports: [{ ...PORT, nodePort: 30_000 }] }],
  ["spec.selector", { selector: { "bad key": "x" } }],
  ["spec.sessionAffinity", { sessionAffinity: "Cookie" }],
  ["spec.sessionAffinityConfig.clientIP.timeoutSeconds", {
    sessionAffinity: "ClientIP",
    sessionAffinityConfig: { clientIP: { timeoutSeconds: 90_000 } },
  }],
  ["spec.externalIPs[0]", { externalIPs: ["x"] }],
  ["spec.LoadBalancerSourceRanges[0]", { loadBalancerSourceRanges: ["10.0.0.1"] }],
  ["spec.LoadBalancerSourceRanges", { ...PLAIN, loadBalancerSourceRanges: ["10.0.0.0/8"] }],
  ["spec.allocateLoadBalancerNodePorts", { ...PLAIN, allocateLoadBalancerNodePorts: true }],
  ["spec.loadBalancerClass", { ...PLAIN, loadBalancerClass: "example.com/a" }],
  ["spec.loadBalancerClass", { loadBalancerClass: "a b" }],
  ["spec.externalTrafficPolicy", { type: "ClusterIP" }],
  ["spec.externalTrafficPolicy", { externalTrafficPolicy: "Far" }],
  ["spec.internalTrafficPolicy", { internalTrafficPolicy: "Far" }],
  ["spec.healthCheckNodePort", { healthCheckNodePort: 30_000 }],
  ["spec.healthCheckNodePort", { externalTrafficPolicy: "Local" }],
  ["spec.trafficDistribution", { trafficDistribution: "Far" }],
  ["spec.clusterIPs[0]", { clusterIP: "None", clusterIPs: ["None"] }],
];

for (const [field, change] of WRONG) {
  Deno.test(`serviceCauses() blames ${field} in ${JSON.stringify(change)}`, () => {
    assert.deepEqual(fields(change), [field]);
  });
}

Deno.test("serviceCauses() wants a name and no addresses of an ExternalName", () => {
  const blamed = serviceCauses({
    type: "ExternalName",
    sessionAffinity: "None",
    clusterIPs: ["10.0.0.1"],
    clusterIP: "10.0.0.1",
  });
  assert.deepEqual(blamed.map((cause) => cause.field), ["spec.clusterIPs", "spec.externalName"]);
});

const CHANGES: readonly (readonly [string, Loose, readonly string[]])[] = [
  ["nothing", {}, []],
  ["a second address", { clusterIPs: ["10.96.0.1", "fd00::1"], ipFamilies: ["IPv4", "IPv6"] }, []],
  ["another address", { clusterIPs: ["10.96.0.2"] }, ["spec.clusterIPs[0]"]],
  ["another family", { ipFamilies: ["IPv6"] }, ["spec.ipFamilies[0]"]],
  ["another class", { loadBalancerClass: "b" }, ["spec.loadBalancerClass"]],
  ["another type", { type: "ClusterIP", loadBalancerClass: "b" }, []],
  ["to a name", { type: "ExternalName", clusterIPs: undefined }, []],
];

for (const [name, change, expected] of CHANGES) {
  Deno.test(`serviceChangeCauses() of ${name} blames ${expected.join() || "nothing"}`, () => {
    const next = Object.fromEntries(
      Object.entries({ ...GOOD, ...change }).filter(([, v]) => v !== undefined),
    );
    assert.deepEqual(serviceChangeCauses(next, GOOD).map((cause) => cause.field), expected);
  });
}
