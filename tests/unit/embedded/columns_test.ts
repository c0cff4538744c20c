import assert from "assert";
import type { JsonObject } from "../../../lib/embedded/json.ts";
import { RESOURCES } from "../../../lib/embedded/resources.ts";
import type { KubeObject } from "../../../lib/embedded/types.ts";

const NOW = Date.UTC(2026, 0, 1, 0, 1);

function cells(plural: string, object: JsonObject): string {
  const row = RESOURCES.find((known) => known.plural === plural);
  const whole = {
    apiVersion: "v1",
    kind: "X",
    ...object,
    metadata: {
      name: "a",
      creationTimestamp: "2026-01-01T00:00:00Z",
      ...(object["metadata"] as JsonObject),
    },
  } as KubeObject;
  return row?.columns.map((column) => column.cell(whole, NOW)).join(" | ") ?? "";
}

function lb(spec: JsonObject, ingress: readonly JsonObject[] = []): JsonObject {
  return {
    spec: { type: "LoadBalancer", clusterIP: "10.0.0.1", ...spec },
    status: { loadBalancer: { ingress } },
  };
}

const READY = { conditions: [{ type: "Ready", status: "True" }] };

const CASES: readonly (readonly [string, JsonObject, string])[] = [
  [
    "services",
    lb({ ports: [{ port: 80, protocol: "TCP", nodePort: 30_000 }] }),
    "a | LoadBalancer | 10.0.0.1 | <pending> | 80:30000/TCP | 60s | <none>",
  ],
  [
    "services",
    lb({ selector: { b: "2", a: "1" } }, [{ ip: "1.2.3.4" }, { hostname: "h" }]),
    "a | LoadBalancer | 10.0.0.1 | 1.2.3.4,h | <none> | 60s | a=1,b=2",
  ],
  [
    "services",
    lb({ type: "ClusterIP", externalIPs: ["9.9.9.9"] }),
    "a | ClusterIP | 10.0.0.1 | 9.9.9.9 | <none> | 60s | <none>",
  ],
  [
    "services",
    { spec: { type: "ExternalName", externalName: "e.com" } },
    "a | ExternalName | <none> | e.com | <none> | 60s | <none>",
  ],
  ["pods", {
    spec: { containers: [{}, {}], nodeName: "n" },
    status: {
      phase: "Running",
      podIP: "1.1.1.1",
      containerStatuses: [{ ready: true, restartCount: 2 }],
    },
  }, "a | 1/2 | Running | 2 | 60s | 1.1.1.1 | n | <none> | <none>"],
  [
    "pods",
    { metadata: { deletionTimestamp: "x" }, spec: {}, status: {} },
    "a | 0/0 | Terminating | 0 | 60s | <none> | <none> | <none> | <none>",
  ],
  ["pods", {
    status: { phase: "Pending", containerStatuses: [{ state: { waiting: { reason: "Oops" } } }] },
  }, "a | 0/0 | Oops | 0 | 60s | <none> | <none> | <none> | <none>"],
  [
    "nodes",
    {
      metadata: { labels: { "node-role.kubernetes.io/control-plane": "" } },
      spec: { unschedulable: true },
      status: READY,
    },
    "a | Ready,SchedulingDisabled | control-plane | 60s | <unknown> | <none> | <none> | <unknown> | <unknown> | <unknown>",
  ],
  [
    "nodes",
    { status: {} },
    "a | Unknown | <none> | 60s | <unknown> | <none> | <none> | <unknown> | <unknown> | <unknown>",
  ],
  ["deployments", {
    spec: { replicas: 3 },
    status: { readyReplicas: 1, updatedReplicas: 2, availableReplicas: 1 },
  }, "a | 1/3 | 2 | 1 | 60s |  |  | <none>"],
  ["replicasets", {
    spec: { replicas: 3, template: { spec: { containers: [{ name: "c", image: "i" }] } } },
    status: { replicas: 2 },
  }, "a | 3 | 2 | 0 | 60s | c | i | <none>"],
  ["endpointslices", {
    addressType: "IPv4",
    ports: [{ port: 80 }],
    endpoints: [{ addresses: ["1"] }, { addresses: ["2"] }, { addresses: ["3"] }, {
      addresses: ["4"],
    }],
  }, "a | IPv4 | 80 | 1,2,3 + 1 more... | 60s"],
  ["endpointslices", { addressType: "IPv6" }, "a | IPv6 | <unset> | <unset> | 60s"],
  [
    "endpoints",
    { subsets: [{ addresses: [{ ip: "1.1.1.1" }], ports: [{ port: 80 }] }] },
    "a | 1.1.1.1:80 | 60s",
  ],
  ["namespaces", { status: { phase: "Active" } }, "a | Active | 60s"],
  ["events", {
    lastTimestamp: "2026-01-01T00:00:30Z",
    type: "Normal",
    reason: "R",
    involvedObject: { kind: "Service", name: "w" },
    message: " hi ",
  }, "30s | Normal | R | service/w | hi | a"],
  ["configmaps", { data: { a: "" }, binaryData: { b: "" } }, "a | 2 | 60s"],
  ["secrets", { type: "Opaque" }, "a | Opaque | 0 | 60s"],
  ["leases", { spec: { holderIdentity: "me" } }, "a | me | 60s"],
  ["servicecidrs", { spec: { cidrs: ["a", "b"] } }, "a | a,b | 60s"],
  [
    "ingresses",
    { spec: { rules: [{ host: "h" }, {}], tls: [{}] } },
    "a | <none> | h,* |  | 80, 443 | 60s",
  ],
];

for (const [plural, object, expected] of CASES) {
  Deno.test(`columns of ${plural} show ${expected}`, () =>
    assert.equal(cells(plural, object), expected));
}
