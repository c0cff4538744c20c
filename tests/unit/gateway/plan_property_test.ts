import assert from "assert";
import fc from "fast-check";
import { planGateway } from "../../../lib/gateway/plan.ts";
import type { GatewayInput } from "../../../lib/gateway/plan_types.ts";
import { configProblems } from "../../../lib/planes/envoy/config/mod.ts";
import type { RouteSpec, Rule, Share } from "../../../lib/proxy/types.ts";
import { anyGatewayInput } from "../../fakes/gateway_arbitraries.ts";
import { servedAll } from "../../fakes/gateway_text.ts";

const LISTS = [
  "listenerSets",
  "routes",
  "services",
  "slices",
  "secrets",
  "grants",
  "policies",
] as const;

/** The same objects, each list the other way round or rotated. */
function shuffled(input: GatewayInput, by: number): GatewayInput {
  const turned = LISTS.map((key) => {
    const list = [...input[key]].reverse();
    const at = list.length === 0 ? 0 : by % list.length;
    return [key, [...list.slice(at), ...list.slice(0, at)]];
  });
  return { ...input, ...Object.fromEntries(turned) };
}

function outcome(input: GatewayInput) {
  const plan = planGateway(input);
  const { listenerSets, ...rest } = servedAll(plan);
  const byName = listenerSets.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return {
    spec: plan.spec,
    statuses: { ...rest, notes: rest.notes.toSorted(), listenerSets: byName },
  };
}

Deno.test("planGateway() gives the same plan for the same objects in any order", () => {
  fc.assert(fc.property(anyGatewayInput, fc.nat(5), (input, by) => {
    assert.deepEqual(outcome(shuffled(input, by)), outcome(input));
  }));
});

Deno.test("planGateway() names nothing in a spec that the spec does not hold, and nothing twice", () => {
  fc.assert(fc.property(anyGatewayInput, (input) => {
    const { spec } = planGateway(input);
    if (spec === undefined) return;
    const backends = new Set(spec.backends.map(({ name }) => name));
    assert.equal(backends.size, spec.backends.length);
    const missing = names(spec).filter((name) => !backends.has(name));
    assert.deepEqual(missing, []);
    const certificates = new Set(spec.certificates.map(({ name }) => name));
    for (const chain of spec.ports.flatMap((port) => port.protocol === "TCP" ? port.chains : [])) {
      assert.ok((chain.tls?.certificates ?? []).every((name) => certificates.has(name)));
    }
  }));
});

Deno.test("planGateway() asks nothing of Envoy that it would refuse", () => {
  fc.assert(fc.property(anyGatewayInput, (input) => {
    const { spec } = planGateway(input);
    assert.deepEqual(spec === undefined ? [] : configProblems(spec), []);
  }));
});

Deno.test("planGateway() uses each port, server name and domain once", () => {
  fc.assert(fc.property(anyGatewayInput, (input) => {
    const { spec } = planGateway(input);
    const ports = spec?.ports ?? [];
    unique(ports.map(({ port, protocol }) => `${protocol}/${port}`));
    for (const port of ports) {
      if (port.protocol !== "TCP") continue;
      unique(
        port.chains.flatMap(({ serverNames }) => serverNames.length === 0 ? [""] : serverNames),
      );
      for (const { serve } of port.chains) {
        if (serve.kind === "http") unique(serve.hosts.flatMap(({ domains }) => domains));
      }
    }
  }));
});

Deno.test("planGateway() counts on each listener the routes that it told they are accepted", () => {
  fc.assert(fc.property(anyGatewayInput, (input) => {
    const { gateway, listenerSets, routes } = servedAll(planGateway(input));
    const all = [
      ...gateway.listeners ?? [],
      ...listenerSets.flatMap(({ status }) => status.listeners ?? []),
    ];
    const accepted = routes.filter(({ parents }) =>
      parents.some(({ conditions }) => conditions?.[0]?.status === "True")
    );
    const most = Math.max(0, ...all.map(({ attachedRoutes }) => attachedRoutes));
    assert.ok(most <= accepted.length);
    assert.equal(most > 0, accepted.length > 0);
  }));
});

function unique(list: readonly string[]): void {
  assert.deepEqual(list.toSorted(), [...new Set(list)].toSorted());
}

/** Backends that rules, chains and datagram ports name. */
function names(spec: RouteSpec): readonly string[] {
  const of = (split: readonly Share[]) =>
    split.flatMap(({ to }) => "backend" in to ? [to.backend] : []);
  const rule = ({ action }: Rule) =>
    action.kind === "forward"
      ? [...of(action.split), ...action.mirrors.map(({ backend }) => backend)]
      : [];
  return spec.ports.flatMap((port) =>
    port.protocol === "UDP"
      ? of(port.split)
      : port.chains.flatMap(({ serve }) =>
        serve.kind === "tcp"
          ? of(serve.split)
          : serve.hosts.flatMap(({ rules }) => rules.flatMap(rule))
      )
  );
}
