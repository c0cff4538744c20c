import assert from "assert";
import fc from "fast-check";
import { type PlanInput, planService } from "../../../lib/services/mod.ts";
import { endpoint, endpointSlice, lbService } from "../../fakes/kube_objects.ts";

const nodes = [{ name: "b", eligible: true }, { name: "a", eligible: true }, {
  name: "c",
  eligible: false,
}];

function plan(change: Partial<PlanInput> = {}) {
  return planService({
    key: "one/ns/web",
    service: lbService(),
    slices: [endpointSlice()],
    nodes,
    addresses: ["172.18.255.1"],
    ...change,
  });
}

Deno.test("planService() plans a plain Service", () => {
  assert.deepEqual(plan(), {
    key: "one/ns/web",
    addresses: ["172.18.255.1"],
    listeners: [{
      ...{ address: "172.18.255.1", family: "IPv4", protocol: "TCP", port: 80 },
      ...{ sourceRanges: [], closed: false, affinity: "none" },
      endpoints: [{ address: "10.244.1.2", port: 8080, node: "a" }],
    }],
    announcers: ["a", "b"],
  });
});

Deno.test("planService() gives every address every port", () => {
  const ports = [
    { name: "dns", protocol: "UDP", port: 53 },
    { name: "dns-tcp", protocol: "TCP", port: 53 },
    { name: "sctp", protocol: "SCTP", port: 132 },
    { name: "plain", port: 80 },
  ] as const;
  const service = lbService({ spec: { ports, ipFamilies: ["IPv6", "IPv4"] } });
  const { listeners } = plan({ service, addresses: ["fc00::1", "172.18.255.1"] });
  assert.deepEqual(
    listeners.map(({ family, address, protocol, port }) =>
      [family, address, protocol, port].join(" ")
    ),
    [
      ...["UDP 53", "TCP 53", "SCTP 132", "TCP 80"].map((port) => `IPv6 fc00::1 ${port}`),
      ...["UDP 53", "TCP 53", "SCTP 132", "TCP 80"].map((port) => `IPv4 172.18.255.1 ${port}`),
    ],
  );
});

Deno.test("planService() gives each family its own endpoints and source ranges", () => {
  const loadBalancerSourceRanges = ["10.0.0.0/8"];
  const service = lbService({
    spec: { loadBalancerSourceRanges, ipFamilies: ["IPv4", "IPv6"] },
  });
  const six = [endpoint("fd00::2", "b")];
  const slices = [
    endpointSlice(),
    endpointSlice({ name: "six", addressType: "IPv6", endpoints: six }),
  ];
  const { listeners } = plan({ service, slices, addresses: ["172.18.255.1", "fc00::1"] });
  assert.deepEqual(
    listeners.map(({ sourceRanges, closed, endpoints }) => [sourceRanges, closed, endpoints]),
    [
      [["10.0.0.0/8"], false, [{ address: "10.244.1.2", port: 8080, node: "a" }]],
      [[], true, [{ address: "fd00::2", port: 8080, node: "b" }]],
    ],
  );
});

Deno.test("planService() reads the session affinity", () => {
  for (
    const [sessionAffinity, affinity] of [["ClientIP", "client-ip"], ["None", "none"]] as const
  ) {
    const { listeners } = plan({ service: lbService({ spec: { sessionAffinity } }) });
    assert.equal(listeners[0]?.affinity, affinity);
  }
});

Deno.test("planService() reads the version of the PROXY protocol", () => {
  const asking = (value: string) =>
    lbService({ annotations: { "berth.dev/proxy-protocol": value } });
  assert.equal(plan({ service: asking("v2") }).proxyProtocol, "v2");
  assert.ok(!("proxyProtocol" in plan({ service: asking("") })));
  assert.throws(() => plan({ service: asking("v3") }), {
    kind: "invalid",
    message: 'annotation berth.dev/proxy-protocol is "v3": use "v1" or "v2"',
  });
});

Deno.test("planService() plans a Service without endpoints, which refuses connections", () => {
  for (const slices of [[], [endpointSlice({ endpoints: [] })]]) {
    const { listeners, announcers } = plan({ slices });
    assert.deepEqual(listeners.map(({ endpoints }) => endpoints), [[]]);
    assert.deepEqual(announcers, ["a", "b"]);
  }
});

Deno.test("planService() under policy Local announces where endpoints are, if anywhere", () => {
  const service = lbService({ spec: { externalTrafficPolicy: "Local" } });
  const cases: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ["one node", ["b"], ["b"]],
    ["both", ["a", "b"], ["a", "b"]],
    ["an excluded node alone", ["c"], ["a", "b"]],
    ["an unknown node alone", ["z"], ["a", "b"]],
    ["an excluded node and another", ["c", "a"], ["a"]],
    ["none", [], ["a", "b"]],
  ];
  for (const [what, at, announcers] of cases) {
    const endpoints = at.map((node, n) => endpoint(`10.0.0.${n}`, node));
    const planned = plan({ service, slices: [endpointSlice({ endpoints })] });
    assert.deepEqual(planned.announcers, announcers, what);
  }
});

Deno.test("planService() wants a node, and names those it knows", () => {
  const remedy = "remove the label node.kubernetes.io/exclude-from-external-load-balancers from " +
    "one, or start one";
  assert.throws(() => plan({ nodes: [] }), {
    kind: "exhausted",
    message: `no node may announce the address (nodes: none): ${remedy}`,
  });
  assert.throws(() => plan({ nodes: nodes.map(({ name }) => ({ name, eligible: false })) }), {
    kind: "exhausted",
    message: `no node may announce the address (nodes: b, a, c): ${remedy}`,
  });
});

Deno.test("planService() refuses ranges that it cannot read", () => {
  const service = lbService({ spec: { loadBalancerSourceRanges: ["all"] } });
  assert.throws(() => plan({ service }), { kind: "invalid", message: /SourceRanges: "all"/ });
});

Deno.test("planService() is the same in whatever order nodes and slices come", () => {
  const slices = [1, 2, 3].map((n) =>
    endpointSlice({ name: `s${n}`, endpoints: [endpoint(`10.0.0.${n}`, n === 1 ? "a" : "b")] })
  );
  const policy = fc.constantFrom("Cluster" as const, "Local" as const);
  const orders = fc.tuple(
    fc.shuffledSubarray(slices, { minLength: 3 }),
    fc.shuffledSubarray(nodes, { minLength: 3 }),
  );
  fc.assert(fc.property(policy, orders, (externalTrafficPolicy, [slicesThen, nodesThen]) => {
    const service = lbService({ spec: { externalTrafficPolicy } });
    assert.deepEqual(
      plan({ service, slices: slicesThen, nodes: nodesThen }),
      plan({ service, slices }),
    );
  }));
});
