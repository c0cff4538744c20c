import assert from "assert";
import type { Pod, Service } from "../../../lib/kube/types.ts";
import { predictSlices } from "../../../lib/services/mod.ts";

const meta = { namespace: "default", uid: "1", resourceVersion: "1" };

function pod(name: string, changes: Partial<Pod> = {}): Pod {
  return {
    metadata: { ...meta, name, labels: { app: "web" } },
    spec: { nodeName: "worker", containers: [{ ports: [{ name: "http", containerPort: 8080 }] }] },
    status: {
      podIPs: [{ ip: "10.244.1.2" }, { ip: "fd00::2" }],
      conditions: [{ type: "Ready", status: "True" }],
    },
    ...changes,
  };
}

function service(spec: Partial<Service["spec"]> = {}): Service {
  return {
    metadata: { ...meta, name: "web" },
    spec: {
      type: "LoadBalancer",
      selector: { app: "web" },
      ipFamilies: ["IPv4"],
      ports: [{ name: "http", port: 80, targetPort: "http" }],
      ...spec,
    },
  };
}

Deno.test("predictSlices() gives what the control plane will make of a ready Pod", () => {
  const [slice, ...others] = predictSlices(service(), [pod("a")]);
  assert.deepEqual(others, []);
  assert.equal(slice?.addressType, "IPv4");
  assert.deepEqual(slice?.ports, [{ name: "http", protocol: "TCP", port: 8080 }]);
  assert.deepEqual(slice?.endpoints, [{
    addresses: ["10.244.1.2"],
    nodeName: "worker",
    conditions: { ready: true, serving: true, terminating: false },
  }]);
});

Deno.test("predictSlices() makes a slice for each family of the Service", () => {
  const slices = predictSlices(service({ ipFamilies: ["IPv6", "IPv4"] }), [pod("a")]);
  assert.deepEqual(slices.map(({ addressType }) => addressType), ["IPv6", "IPv4"]);
  assert.deepEqual(slices[0]?.endpoints?.[0]?.addresses, ["fd00::2"]);
});

const silent: readonly (readonly [string, Service, Pod])[] = [
  ["no selector", { ...service(), spec: { type: "LoadBalancer" } }, pod("a")],
  ["unready Pods published", service({ publishNotReadyAddresses: true }), pod("a")],
  ["an unready Pod", service(), pod("a", { status: { podIPs: [{ ip: "10.244.1.2" }] } })],
  [
    "a Pod without an address",
    service(),
    pod("a", {
      status: { conditions: [{ type: "Ready", status: "True" }] },
    }),
  ],
  ["a Pod without a node", service(), pod("a", { spec: {} })],
  [
    "a Pod being deleted",
    service(),
    pod("a", {
      metadata: { ...meta, name: "a", deletionTimestamp: "2026-01-01T00:00:00Z" },
    }),
  ],
];
for (const [name, of, from] of silent) {
  Deno.test(`predictSlices() predicts nothing for ${name}`, () => {
    assert.deepEqual(predictSlices(of, [from]), []);
  });
}

Deno.test("predictSlices() leaves a port out that the Pod does not name", () => {
  const [slice] = predictSlices(
    service({ ports: [{ name: "x", port: 1, targetPort: "metrics" }, { port: 2 }] }),
    [pod("a")],
  );
  assert.deepEqual(slice?.ports, [{ name: "", protocol: "TCP", port: 2 }]);
});
