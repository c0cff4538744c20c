import assert from "assert";
import {
  defaultServiceSpec,
  dropByType,
  keepAllocated,
} from "../../../lib/embedded/service_defaults.ts";
import type { ServiceSpec } from "../../../lib/embedded/service_types.ts";

Deno.test("defaultServiceSpec() fills in each type", () => {
  assert.deepEqual(defaultServiceSpec({ ports: [{ port: 80 }] }), {
    type: "ClusterIP",
    ports: [{ port: 80, protocol: "TCP", targetPort: 80 }],
    sessionAffinity: "None",
    internalTrafficPolicy: "Cluster",
  });
  assert.deepEqual(defaultServiceSpec({ type: "LoadBalancer" }), {
    type: "LoadBalancer",
    sessionAffinity: "None",
    externalTrafficPolicy: "Cluster",
    internalTrafficPolicy: "Cluster",
    allocateLoadBalancerNodePorts: true,
  });
  assert.deepEqual(defaultServiceSpec({ type: "ExternalName" }), {
    type: "ExternalName",
    sessionAffinity: "None",
  });
});

Deno.test("defaultServiceSpec() pairs affinity with its config", () => {
  const affine = defaultServiceSpec({ sessionAffinity: "ClientIP" });
  assert.deepEqual(affine.sessionAffinityConfig, { clientIP: { timeoutSeconds: 10_800 } });
  const none = defaultServiceSpec({ sessionAffinityConfig: { clientIP: { timeoutSeconds: 5 } } });
  assert.equal(none.sessionAffinityConfig, undefined);
});

Deno.test("defaultServiceSpec() twice is the same as once", () => {
  for (const type of ["ClusterIP", "NodePort", "LoadBalancer", "ExternalName"]) {
    const once = defaultServiceSpec({ type, ports: [{ port: 80 }], externalIPs: ["1.2.3.4"] });
    assert.deepEqual(defaultServiceSpec(once), once);
  }
});

const STORED: ServiceSpec = {
  type: "LoadBalancer",
  clusterIP: "10.96.0.9",
  clusterIPs: ["10.96.0.9"],
  externalTrafficPolicy: "Local",
  healthCheckNodePort: 30_009,
  ports: [{ name: "a", port: 80, nodePort: 30_001 }, { name: "b", port: 81, nodePort: 30_002 }],
};

Deno.test("keepAllocated() takes over what the client left out", () => {
  const next = keepAllocated({
    type: "LoadBalancer",
    externalTrafficPolicy: "Local",
    ports: [{ name: "b", port: 90 }, { name: "c", port: 91 }],
  }, STORED);
  assert.equal(next.clusterIP, "10.96.0.9");
  assert.equal(next.healthCheckNodePort, 30_009);
  assert.deepEqual(next.ports, [{ name: "b", port: 90, nodePort: 30_002 }, {
    name: "c",
    port: 91,
  }]);
});

Deno.test("keepAllocated() lets a client move a node port to another port", () => {
  const ports = [{ name: "a", port: 80 }, { name: "b", port: 81, nodePort: 30_001 }];
  const next = keepAllocated({ type: "LoadBalancer", ports }, STORED);
  assert.deepEqual(next.ports, ports);
});

Deno.test("keepAllocated() follows a changed clusterIP with the list", () => {
  const next = keepAllocated({ ...STORED, clusterIP: "10.96.0.8" }, STORED);
  assert.deepEqual(next.clusterIPs, ["10.96.0.8"]);
});

Deno.test("dropByType() clears what the type has no use for", () => {
  const { type: _type, ...rest } = STORED;
  const plain = dropByType({ ...rest, type: "ClusterIP" }, STORED);
  assert.deepEqual(Object.keys(plain).sort(), ["clusterIP", "clusterIPs", "ports", "type"]);
  assert.deepEqual(plain.ports, [{ name: "a", port: 80 }, { name: "b", port: 81 }]);
  const named = dropByType({ ...rest, type: "ExternalName" }, STORED);
  assert.equal(named.clusterIP, undefined);
});

Deno.test("dropByType() keeps what the client changed at the same time, for the validation to refuse", () => {
  const next = dropByType({ ...STORED, type: "ClusterIP", healthCheckNodePort: 31_000 }, STORED);
  assert.equal(next.healthCheckNodePort, 31_000);
  const ports = [{ name: "a", port: 80, nodePort: 31_001 }];
  assert.deepEqual(dropByType({ ...STORED, type: "ClusterIP", ports }, STORED).ports, ports);
});
