import assert from "assert";
import fc from "fast-check";
import type { EndpointSlice, ServicePort, SliceEndpoint } from "../../../lib/kube/types.ts";
import { portEndpoints, proxyEndpoints } from "../../../lib/services/mod.ts";
import { endpoint, endpointSlice, lbService, type SliceChange } from "../../fakes/kube_objects.ts";

const http: ServicePort = { name: "http", protocol: "TCP", port: 80 };
const ready = { ready: true, serving: true, terminating: false };
const failing = { ready: false, serving: false, terminating: false };
const ending = { ready: false, serving: true, terminating: true };
const ended = { ready: false, serving: false, terminating: true };

function find(
  slices: readonly EndpointSlice[],
  { port = http, policy = "Cluster", family = "IPv4", excluded = [] }: {
    readonly port?: ServicePort;
    readonly policy?: "Cluster" | "Local";
    readonly family?: "IPv4" | "IPv6";
    readonly excluded?: readonly string[];
  } = {},
): readonly string[] {
  const service = lbService({ spec: { externalTrafficPolicy: policy } });
  const isEligible = (node: string) => !excluded.includes(node);
  return portEndpoints({ service, slices, isEligible }, port, family)
    .map(({ address, port, node }) => `${address}:${port}${node === undefined ? "" : `@${node}`}`);
}

const oneSlice = (...endpoints: readonly SliceEndpoint[]) => [endpointSlice({ endpoints })];

Deno.test("portEndpoints() chooses by condition", () => {
  const cases: readonly (readonly [string, readonly SliceEndpoint[], readonly string[]])[] = [
    ["ready", [endpoint("10.0.0.1", "a", ready)], ["10.0.0.1:8080@a"]],
    ["unknown", [endpoint("10.0.0.1", "a")], ["10.0.0.1:8080@a"]],
    ["unknown readiness", [endpoint("10.0.0.1", "a", {})], ["10.0.0.1:8080@a"]],
    ["failing", [endpoint("10.0.0.1", "a", failing)], []],
    ["failing but serving, not ending", [
      endpoint("10.0.0.1", "a", { ready: false, serving: true }),
    ], []],
    ["ending, nothing else left", [endpoint("10.0.0.1", "a", ending)], ["10.0.0.1:8080@a"]],
    ["ended", [endpoint("10.0.0.1", "a", ended)], []],
    [
      "ending while another is ready",
      [endpoint("10.0.0.1", "a", ending), endpoint("10.0.0.2", "b", ready)],
      ["10.0.0.2:8080@b"],
    ],
    [
      "ending while another fails",
      [endpoint("10.0.0.1", "a", ending), endpoint("10.0.0.2", "b", failing)],
      ["10.0.0.1:8080@a"],
    ],
    ["an old server that does not tell of serving", [
      endpoint("10.0.0.1", "a", { ready: true, terminating: true }),
    ], ["10.0.0.1:8080@a"]],
    ["without a node", [endpoint("192.0.2.1", undefined, ready)], ["192.0.2.1:8080"]],
    ["without an address", [{ addresses: [], conditions: ready }], []],
    ["two addresses are one backend", [
      { addresses: ["10.0.0.1", "10.0.0.9"], conditions: ready },
    ], ["10.0.0.1:8080"]],
    [
      "in the order of addresses",
      [endpoint("10.0.0.2", "a"), endpoint("10.0.0.1", "b")],
      ["10.0.0.1:8080@b", "10.0.0.2:8080@a"],
    ],
  ];
  for (const [what, endpoints, expected] of cases) {
    assert.deepEqual(find(oneSlice(...endpoints)), expected, what);
  }
});

Deno.test("portEndpoints() matches ports by name and protocol", () => {
  const ports = [
    { name: "http", protocol: "TCP", port: 8080 },
    { name: "dns", protocol: "UDP", port: 5353 },
    { name: "dns-tcp", protocol: "TCP", port: 5353 },
    { name: "open" },
  ];
  const cases: readonly (readonly [ServicePort, SliceChange["ports"], readonly string[]])[] = [
    [{ name: "http", port: 80 }, ports, ["10.244.1.2:8080@a"]],
    [{ name: "dns", protocol: "UDP", port: 53 }, ports, ["10.244.1.2:5353@a"]],
    [{ name: "dns-tcp", protocol: "TCP", port: 53 }, ports, ["10.244.1.2:5353@a"]],
    [{ name: "dns", protocol: "TCP", port: 53 }, ports, []],
    [{ name: "open", port: 1 }, ports, []],
    [{ name: "other", port: 80 }, ports, []],
    [{ port: 80 }, [{ port: 8080 }], ["10.244.1.2:8080@a"]],
    [{ port: 80 }, [{ name: "", protocol: "TCP", port: 8080 }], ["10.244.1.2:8080@a"]],
    [{ port: 80, protocol: "SCTP" }, [{ name: "", protocol: "SCTP", port: 9 }], ["10.244.1.2:9@a"]],
    [{ port: 80 }, [], []],
  ];
  for (const [port, ports, expected] of cases) {
    const slices = [endpointSlice(ports === undefined ? {} : { ports })];
    assert.deepEqual(find(slices, { port }), expected, `${port.name}/${port.protocol}`);
  }
});

Deno.test("portEndpoints() joins slices, each with its own port number", () => {
  const slices = [
    endpointSlice({ name: "one", endpoints: [endpoint("10.0.0.1", "a")] }),
    endpointSlice({
      name: "two",
      ports: [{ name: "http", protocol: "TCP", port: 9090 }],
      endpoints: [endpoint("10.0.0.2", "b")],
    }),
    endpointSlice({ name: "empty", endpoints: [] }),
  ];
  assert.deepEqual(find(slices), ["10.0.0.1:8080@a", "10.0.0.2:9090@b"]);
});

Deno.test("portEndpoints() counts an endpoint once that two slices name", () => {
  const endpoints = [endpoint("10.0.0.1", "a")];
  const slices = ["one", "two"].map((name) => endpointSlice({ name, endpoints }));
  assert.deepEqual(find(slices), ["10.0.0.1:8080@a"]);
});

Deno.test("portEndpoints() takes slices of the family alone", () => {
  const slices = [
    endpointSlice(),
    endpointSlice({ name: "six", addressType: "IPv6", endpoints: [endpoint("fd00::1", "a")] }),
    endpointSlice({ name: "dns", addressType: "FQDN", endpoints: [endpoint("example.com")] }),
  ];
  assert.deepEqual(find(slices), ["10.244.1.2:8080@a"]);
  assert.deepEqual(find(slices, { family: "IPv6" }), ["fd00::1:8080@a"]);
});

Deno.test("portEndpoints() under policy Local leaves out nodes that take no traffic", () => {
  const slices = oneSlice(
    endpoint("10.0.0.1", "a", ready),
    endpoint("10.0.0.2", "b", ready),
    endpoint("10.0.0.3", undefined, ready),
  );
  const all = ["10.0.0.1:8080@a", "10.0.0.2:8080@b", "10.0.0.3:8080"];
  assert.deepEqual(find(slices, { excluded: ["b"] }), all);
  const local = { policy: "Local" } as const;
  assert.deepEqual(find(slices, local), ["10.0.0.1:8080@a", "10.0.0.2:8080@b"]);
  assert.deepEqual(find(slices, { ...local, excluded: ["b"] }), ["10.0.0.1:8080@a"]);
  assert.deepEqual(find(slices, { ...local, excluded: ["a", "b"] }), []);
});

Deno.test("portEndpoints() under policy Local falls back to what still serves where it may", () => {
  const slices = oneSlice(endpoint("10.0.0.1", "a", ending), endpoint("10.0.0.2", "b", ready));
  const found = find(slices, { policy: "Local", excluded: ["b"] });
  assert.deepEqual(found, ["10.0.0.1:8080@a"]);
});

Deno.test("portEndpoints() does not depend on how endpoints are cut into slices", () => {
  const conditions = fc.constantFrom(undefined, ready, failing, ending, ended);
  const endpoints = fc.uniqueArray(
    fc.record({ n: fc.integer({ min: 1, max: 20 }), node: fc.constantFrom("a", "b"), conditions }),
    { selector: ({ n }) => n },
  );
  const policy = fc.constantFrom("Cluster" as const, "Local" as const);
  const excluded = fc.subarray(["a", "b"]);
  fc.assert(fc.property(endpoints, fc.nat(20), policy, excluded, (found, cut, policy, excluded) => {
    const all = found.map(({ n, node, conditions }) => endpoint(`10.0.0.${n}`, node, conditions));
    const parts = [all.slice(cut), all.slice(0, cut)];
    const slices = parts.map((endpoints, at) => endpointSlice({ name: `s${at}`, endpoints }));
    const options = { policy, excluded };
    assert.deepEqual(find(slices, options), find(oneSlice(...all), options));
  }));
});

Deno.test("proxyEndpoints() takes the first family with any, whatever the traffic policy", () => {
  const v4 = endpointSlice({ endpoints: [endpoint("10.0.0.1", undefined, ready)] });
  const v6 = endpointSlice({
    addressType: "IPv6",
    endpoints: [endpoint("fd00::1", undefined, ready)],
  });
  const found = (families: readonly ("IPv4" | "IPv6")[], slices: readonly EndpointSlice[]) => {
    const spec = { ipFamilies: families, externalTrafficPolicy: "Local" } as const;
    return proxyEndpoints({ service: lbService({ spec }), slices }, http)
      .map(({ address }) => address);
  };
  assert.deepEqual(found(["IPv4", "IPv6"], [v6, v4]), ["10.0.0.1"]);
  assert.deepEqual(found(["IPv6", "IPv4"], [v6, v4]), ["fd00::1"]);
  assert.deepEqual(found(["IPv6"], [v4]), ["10.0.0.1"]);
  assert.deepEqual(found(["IPv4"], []), []);
});
