import assert from "assert";
import { isServed, serviceRow } from "../../../lib/cli/service_row.ts";
import { noPods, servingCondition, unservedPorts } from "../../../lib/services/mod.ts";
import type { Condition, Service, ServiceSpec } from "../../../lib/kube/types.ts";

const metadata = { name: "web", namespace: "shop", uid: "u", resourceVersion: "1" };
const since = "2026-01-02T03:04:05Z";

const condition = (part: Partial<Condition>): Condition => ({
  type: servingCondition,
  status: "True",
  reason: "Served",
  message: "",
  lastTransitionTime: since,
  ...part,
});

const service = (spec: ServiceSpec, conditions: readonly Condition[] = []): Service => ({
  metadata,
  spec: { type: "LoadBalancer", ...spec },
  status: { conditions, loadBalancer: { ingress: [{ ip: "172.18.255.0" }, { hostname: "h" }] } },
});

const served: readonly { readonly spec: ServiceSpec; readonly expected: boolean }[] = [
  { spec: { type: "LoadBalancer" }, expected: true },
  { spec: { type: "ClusterIP" }, expected: false },
  { spec: { type: "LoadBalancer", loadBalancerClass: "berth.dev/kernel" }, expected: true },
  { spec: { type: "LoadBalancer", loadBalancerClass: "example.com/other" }, expected: false },
];

for (const { spec, expected } of served) {
  Deno.test(`isServed() says ${expected} for ${JSON.stringify(spec)}`, () => {
    assert.equal(isServed({ metadata, spec }), expected);
  });
}

const messages = [
  { message: "kernel plane, announced by kind-worker", plane: "kernel", node: "kind-worker" },
  {
    message: "kernel plane, announced by kind-worker; 1 warning",
    plane: "kernel",
    node: "kind-worker",
  },
  { message: "kernel plane, announced by a, b; slow", plane: "kernel", node: "a, b" },
  { message: "embedded plane", plane: "embedded", node: undefined },
  { message: "something else", plane: undefined, node: undefined },
];

for (const { message, plane, node } of messages) {
  Deno.test(`serviceRow() reads plane and node out of "${message}"`, () => {
    const row = serviceRow("kind", service({}, [condition({ message })]));
    assert.equal(row.plane, plane);
    assert.equal(row.node, node);
    assert.equal(row.since, since);
    assert.equal(row.ready, true);
    assert.equal(row.lastError, undefined);
  });
}

Deno.test("serviceRow() tells the error of a Service that is not served", () => {
  const failed = condition({ status: "False", reason: "AddressPoolExhausted", message: "no room" });
  const row = serviceRow("kind", service({}, [condition({ type: "Other" }), failed]));
  assert.deepEqual(row, {
    cluster: "kind",
    namespace: "shop",
    name: "web",
    addresses: ["172.18.255.0", "h"],
    ports: [],
    ready: false,
    since,
    lastError: "no room",
  });
});

Deno.test("serviceRow() says that nobody handled the Service yet", () => {
  const row = serviceRow("kind", { metadata, spec: {} });
  assert.equal(row.ready, false);
  assert.match(row.lastError ?? "", /is berth running/);
});

Deno.test("serviceRow() writes the protocol where it is not TCP", () => {
  const ports = [{ port: 80 }, { port: 53, protocol: "UDP" as const }, {
    port: 53,
    protocol: "TCP" as const,
  }];
  assert.deepEqual(serviceRow("kind", service({ ports })).ports, ["80", "53/udp", "53"]);
});

Deno.test("serviceRow() shows where this machine publishes a port", () => {
  const plain = service({ ports: [{ port: 80 }, { port: 53, protocol: "UDP" }, { port: 81 }] });
  const annotations = { "berth.dev/published-ports": "80/TCP=8080,53/UDP=53" };
  const row = serviceRow("c", { ...plain, metadata: { ...plain.metadata, annotations } });
  assert.deepEqual(row.ports, ["80→8080", "53/udp→53", "81"]);
});

Deno.test("serviceRow() tells of a class that does not exist", () => {
  const { lastError } = serviceRow("kind", service({ loadBalancerClass: "berth.dev/kernal" }, []));
  assert.match(lastError ?? "", /^loadBalancerClass "berth.dev\/kernal" does not exist: /);
});

Deno.test("serviceRow() tells which ports of a served Service its plane does not carry", () => {
  const ports = [{ port: 80 }, { port: 132, protocol: "SCTP" as const }];
  const { text = "" } = unservedPorts(service({ ports }, []), "envoy") ?? {};
  const row = (message: string) => serviceRow("kind", service({ ports }, [condition({ message })]));
  const { ready, reason, remark } = row(`envoy plane; ${text}`);
  assert.deepEqual([ready, reason, remark], [true, "SomePortsNotServed", text]);
  const empty = noPods(["TCP/80"]).text;
  const none = row(`envoy plane; ${text}; ${empty}`);
  assert.deepEqual([none.reason, none.remark], ["NoPods", `${text}; ${empty}`]);
});

Deno.test("serviceRow() tells which of a served Service's ports have no Pods", () => {
  const ports = [{ port: 80 }, { port: 53, protocol: "UDP" as const }];
  const cases = [
    [["TCP/80", "UDP/53"], "NoPods"],
    [["UDP/53"], "SomePortsWithoutPods"],
    [["TCP/53"], "SomePortsWithoutPods"],
  ] as const;
  for (const [empty, reason] of cases) {
    const { text } = noPods(empty);
    const message = `kernel plane, announced by a; ${text}`;
    const row = serviceRow("kind", service({ ports }, [condition({ message })]));
    assert.deepEqual([row.ready, row.reason, row.remark], [true, reason, text]);
    const failed = condition({ status: "False", message });
    assert.equal(serviceRow("kind", service({ ports }, [failed])).reason, undefined);
  }
  const fine = serviceRow("kind", service({ ports }, [condition({ message: "kernel plane" })]));
  assert.deepEqual([fine.reason, fine.remark], [undefined, undefined]);
});
