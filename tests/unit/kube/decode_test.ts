import assert from "assert";
import {
  decodeEndpointSlice,
  decodeNode,
  decodeService,
  objectKey,
} from "../../../lib/kube/mod.ts";
import { ApiBed } from "../../fakes/api_bed.ts";

const metadata = { name: "web", namespace: "ns", uid: "u", resourceVersion: "7" };

Deno.test("decodeService() keeps what berth reads and drops the rest", () => {
  const spec = {
    type: "LoadBalancer",
    ports: [{ name: "http", protocol: "TCP", port: 80, targetPort: "web", nodePort: 30_000 }],
    ipFamilies: ["IPv4", "IPv6"],
    externalTrafficPolicy: "Local",
    sessionAffinity: "ClientIP",
    loadBalancerSourceRanges: ["10.0.0.0/8"],
  };
  const status = { loadBalancer: { ingress: [{ ip: "10.0.0.1", ipMode: "VIP" }] } };
  const decoded = decodeService({
    metadata: { ...metadata, managedFields: [{ manager: "kubectl" }] },
    spec: { ...spec, sessionAffinityConfig: { clientIP: {} } },
    status,
  });
  assert.deepEqual(decoded, { metadata, spec, status });
});

Deno.test("decodeService() reads a Service with hardly anything in it", () => {
  assert.deepEqual(decodeService({ metadata: { name: "x" }, spec: {} }), {
    metadata: { name: "x", uid: "", resourceVersion: "" },
    spec: {},
  });
});

Deno.test("decodeEndpointSlice() reads null as nothing, as servers write it", () => {
  const raw = { metadata, addressType: "IPv4", ports: null, endpoints: null };
  const { ports, endpoints } = decodeEndpointSlice(raw);
  assert.deepEqual([ports, endpoints], [undefined, undefined]);
});

Deno.test("decodeEndpointSlice() keeps conditions as they are, unknown ones too", () => {
  const endpoints = [
    { addresses: ["10.0.0.1"], nodeName: "a", conditions: { ready: true } },
    { addresses: ["10.0.0.2"], conditions: {} },
    { addresses: ["10.0.0.3"] },
  ];
  const ports = [{ name: "", protocol: "TCP", port: 8080 }, { name: "open" }];
  const raw = { metadata, addressType: "IPv6", ports, endpoints };
  assert.deepEqual(decodeEndpointSlice(raw), raw);
});

Deno.test("decodeNode() keeps taints, addresses and conditions", () => {
  const raw = {
    metadata: { name: "a", uid: "u", resourceVersion: "1", labels: { x: "" } },
    spec: { taints: [{ key: "k", effect: "NoSchedule" }], unschedulable: true },
    status: {
      addresses: [{ type: "InternalIP", address: "172.18.0.2" }],
      conditions: [{ type: "Ready", status: "True" }],
    },
  };
  assert.deepEqual(decodeNode(raw), raw);
  assert.deepEqual(decodeNode({ metadata: raw.metadata }), { metadata: raw.metadata });
});

Deno.test("decode…() names the field that is wrong", () => {
  const cases: readonly (readonly [(raw: unknown) => unknown, unknown, RegExp])[] = [
    [decodeService, null, /sent a Service whose the object is wrong/],
    [decodeService, "<html>", /sent a Service whose the object is wrong/],
    [decodeService, { metadata }, /sent a Service whose spec is wrong/],
    [decodeService, { metadata: {}, spec: {} }, /whose metadata\.name is wrong/],
    [
      decodeService,
      { metadata, spec: { ports: [{ port: "80" }] } },
      /sent a Service whose spec\.ports\.0\.port is wrong/,
    ],
    [decodeService, { metadata, spec: { ports: [{ port: 1, protocol: "QUIC" }] } }, /protocol/],
    [decodeEndpointSlice, { metadata, addressType: "IPX" }, /EndpointSlice whose addressType/],
    [decodeNode, { metadata: { name: 7 } }, /sent a Node whose metadata\.name is wrong/],
  ];
  for (const [decode, raw, message] of cases) {
    assert.throws(() => decode(raw), { kind: "unavailable", message });
  }
});

Deno.test("decode…() read what the emulator sends", async () => {
  await using bed = new ApiBed();
  bed.api.seedSample();
  const [service] = bed.objects("services");
  assert.equal(decodeService(service).spec.ports?.[0]?.port, 443);
  for (const node of bed.objects("nodes")) assert.equal(decodeNode(node).metadata.uid !== "", true);
});

Deno.test("objectKey() has a namespace where there is one", () => {
  assert.equal(objectKey({ metadata }), "ns/web");
  assert.equal(objectKey({ metadata: { name: "a", uid: "", resourceVersion: "" } }), "a");
});
