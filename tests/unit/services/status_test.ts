import assert from "assert";
import fc from "fast-check";
import type { Condition, Service, ServiceStatus } from "../../../lib/kube/types.ts";
import type { Served } from "../../../lib/planes/types.ts";
import {
  clearedStatus,
  nextStatus,
  servingCondition,
  type ServingReport,
} from "../../../lib/services/mod.ts";
import { lbService } from "../../fakes/kube_objects.ts";

const now = "2026-01-02T00:00:00Z";
const before = "2026-01-01T00:00:00Z";

function served(change: Partial<Served> = {}, plane: "kernel" | "embedded" = "kernel") {
  const addresses = [{ address: "172.18.255.1", node: "a" }];
  const all = { key: "one/ns/web", addresses, warnings: [], ...change };
  return { kind: "served", served: all, plane } satisfies ServingReport;
}

const failed = { kind: "failed", reason: "SyncLoadBalancerFailed", message: "no" } as const;

function condition(change: Partial<Condition> = {}): Condition {
  return {
    ...{ type: servingCondition, status: "True", reason: "Served" },
    ...{ message: "kernel plane, announced by a", lastTransitionTime: before },
    ...change,
  };
}

/** What the server keeps: our patch replaces the addresses and our condition. */
function patched(service: Service, next: ServiceStatus): Service {
  const mine = next.conditions ?? [];
  const others = (service.status?.conditions ?? [])
    .filter(({ type }) => !mine.some((one) => one.type === type));
  return { ...service, status: { ...next, conditions: [...others, ...mine] } };
}

Deno.test("nextStatus() tells addresses, ports and how in-cluster clients may shortcut", () => {
  const ports = [{ port: 53, protocol: "UDP" }, { port: 53 }] as const;
  const told = [{ port: 53, protocol: "UDP" }, { port: 53, protocol: "TCP" }];
  for (const [plane, ipMode] of [["kernel", "VIP"], ["embedded", "Proxy"]] as const) {
    const addresses = [{ address: "172.18.255.1", node: "a" }, { address: "fc00::1", node: "b" }];
    const status = nextStatus(lbService({ spec: { ports } }), served({ addresses }, plane), now);
    assert.deepEqual(status, {
      loadBalancer: {
        ingress: [
          { ip: "172.18.255.1", ipMode, ports: told },
          { ip: "fc00::1", ipMode, ports: told },
        ],
      },
      conditions: [condition({
        message: `${plane} plane, announced by a, b`,
        lastTransitionTime: now,
      })],
    });
  }
});

Deno.test("nextStatus() words the condition", () => {
  const one = { address: "172.18.255.1" };
  const cases: readonly (readonly [Partial<Served>, string])[] = [
    [{ addresses: [one] }, "kernel plane"],
    [
      { addresses: [{ ...one, node: "a" }, { address: "fc00::1", node: "a" }] },
      "kernel plane, announced by a",
    ],
    [{ addresses: [one], warnings: ["w1", "w2"] }, "kernel plane; w1; w2"],
    [{ addresses: [one], warnings: ["w".repeat(2_000)] }, `kernel plane; ${"w".repeat(1_010)}`],
  ];
  for (const [change, message] of cases) {
    const status = nextStatus(lbService(), served(change), now);
    assert.equal(status?.conditions?.[0]?.message, message);
  }
});

Deno.test("nextStatus() asks for nothing when the status is right already", () => {
  const foreign = condition({ type: "example.com/Other" });
  const ingress = [{
    ...{ ip: "172.18.255.1", ipMode: "VIP" as const },
    ports: [{ port: 80, protocol: "TCP" }],
  }];
  const service = lbService({ ingress, conditions: [foreign, condition()] });
  assert.equal(nextStatus(service, served(), now), undefined);
});

Deno.test("nextStatus() rewrites when one part differs", () => {
  const right = {
    ip: "172.18.255.1",
    ipMode: "VIP" as const,
    ports: [{ port: 80, protocol: "TCP" }],
  };
  const { ipMode: _, ...noMode } = right;
  const cases: readonly (readonly [string, Parameters<typeof lbService>[0]])[] = [
    ["no status", {}],
    ["another address", { ingress: [{ ...right, ip: "172.18.255.2" }] }],
    ["no mode", { ingress: [noMode] }],
    ["another port", { ingress: [{ ...right, ports: [{ port: 81, protocol: "TCP" }] }] }],
    ["one address too many", { ingress: [right, { ...right, ip: "172.18.255.2" }] }],
    ["another message", { ingress: [right], conditions: [condition({ message: "old" })] }],
    ["no condition", { ingress: [right], conditions: [] }],
  ];
  for (const [what, change] of cases) {
    assert.notEqual(
      nextStatus(lbService({ conditions: [condition()], ...change }), served(), now),
      undefined,
      what,
    );
  }
});

Deno.test("nextStatus() keeps the time of the condition until its status changes", () => {
  const old = lbService({ conditions: [condition({ message: "old" })] });
  const time = (status: ServiceStatus | undefined) => status?.conditions?.[0]?.lastTransitionTime;
  assert.equal(time(nextStatus(old, served(), now)), before);
  assert.equal(time(nextStatus(old, failed, now)), now);
  const broken = lbService({ conditions: [condition({ status: "False" })] });
  assert.equal(time(nextStatus(broken, failed, now)), before);
});

Deno.test("nextStatus() of a failure keeps the addresses and says why", () => {
  const ingress = [{ ip: "172.18.255.1", ipMode: "VIP" as const }];
  const status = nextStatus(lbService({ ingress, conditions: [condition()] }), failed, now);
  assert.deepEqual(status, {
    loadBalancer: { ingress },
    conditions: [condition({
      ...{ status: "False", reason: "SyncLoadBalancerFailed", message: "no" },
      lastTransitionTime: now,
    })],
  });
});

Deno.test("nextStatus() of a failure fits into a condition", () => {
  const status = nextStatus(lbService(), { ...failed, message: "x".repeat(5_000) }, now);
  assert.equal(status?.conditions?.[0]?.message.length, 1_024);
  assert.deepEqual(status?.loadBalancer, { ingress: [] });
});

Deno.test("clearedStatus() takes the addresses out and says so", () => {
  const ingress = [{ ip: "172.18.255.1" }];
  const released = condition({
    ...{ status: "False", reason: "Released", message: "berth does not serve this Service" },
    lastTransitionTime: now,
  });
  for (const conditions of [[condition()], []]) {
    assert.deepEqual(clearedStatus(lbService({ ingress, conditions }), now), {
      loadBalancer: { ingress: [] },
      conditions: [released],
    });
  }
});

Deno.test("clearedStatus() asks for nothing when there is nothing to clear", () => {
  const foreign = condition({ type: "example.com/Other" });
  const released = condition({
    ...{ status: "False", reason: "Released", message: "berth does not serve this Service" },
  });
  const cases: readonly Service[] = [
    lbService(),
    lbService({ conditions: [foreign] }),
    lbService({ ingress: [], conditions: [released] }),
  ];
  for (const service of cases) assert.equal(clearedStatus(service, now), undefined);
});

const report: fc.Arbitrary<ServingReport> = fc.oneof(
  fc.record({
    kind: fc.constant("served" as const),
    plane: fc.constantFrom("kernel" as const, "embedded" as const),
    served: fc.record({
      key: fc.constant("one/ns/web"),
      addresses: fc.array(
        fc.record({ address: fc.ipV4(), node: fc.constantFrom("a", "b") }, {
          requiredKeys: ["address"],
        }),
        { maxLength: 2 },
      ),
      warnings: fc.array(fc.string(), { maxLength: 2 }),
    }),
  }),
  fc.record({ kind: fc.constant("failed" as const), reason: fc.string(), message: fc.string() }),
);

Deno.test("nextStatus() and clearedStatus() ask once: patched, they are content", () => {
  fc.assert(fc.property(fc.array(report, { minLength: 1 }), (reports) => {
    let service = lbService({ conditions: [condition({ type: "example.com/Other" })] });
    for (const report of reports) {
      const next = nextStatus(service, report, now);
      if (next !== undefined) service = patched(service, next);
      assert.equal(nextStatus(service, report, "2026-01-03T00:00:00Z"), undefined);
    }
    const cleared = clearedStatus(service, now);
    if (cleared !== undefined) service = patched(service, cleared);
    assert.equal(clearedStatus(service, "2026-01-03T00:00:00Z"), undefined);
    assert.equal(service.status?.conditions?.[0]?.type, "example.com/Other");
  }));
});
