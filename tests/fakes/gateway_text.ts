import type { GatewayPlan, GatewayStatuses } from "../../lib/gateway/plan_types.ts";
import type { ListenerStatus } from "../../lib/gateway/types.ts";
import type { Condition } from "../../lib/kube/types.ts";
import type { RouteSpec } from "../../lib/proxy/types.ts";

/** A proxy that serves everything it is asked to. */
export function servedAll(plan: GatewayPlan): GatewayStatuses {
  const addresses = plan.spec?.addresses ?? [];
  return plan.statuses({
    served: {
      key: plan.spec?.key ?? "",
      addresses: addresses.map((address) => ({ address })),
      published: [],
      refused: [],
      warnings: [],
    },
  });
}

/** One condition as a line: `Accepted False InvalidKind: why`. */
export function line({ type, status, reason, message }: Condition): string {
  return `${type} ${status} ${reason}${message === "" ? "" : `: ${message}`}`;
}

/** A plan as golden files have it: without times and keys, conditions as lines. */
export function planText(plan: GatewayPlan): unknown {
  const { gateway, listenerSets, routes, policies, notes } = servedAll(plan);
  return {
    spec: plan.spec === undefined ? "none" : withoutPem(plan.spec),
    gateway: {
      addresses: gateway.addresses?.map(({ value }) => value),
      conditions: gateway.conditions?.map(line),
      listeners: gateway.listeners?.map(listenerText),
      ...(gateway.attachedListenerSets === 0
        ? {}
        : { attachedListenerSets: gateway.attachedListenerSets }),
    },
    ...nonEmpty(
      "listenerSets",
      listenerSets.map(({ name, status }) => ({
        name,
        conditions: status.conditions?.map(line),
        listeners: status.listeners?.map(listenerText),
      })),
    ),
    ...nonEmpty(
      "routes",
      routes.map(({ kind, name, parents }) => ({
        route: `${kind} ${name}`,
        parents: parents.map(({ parentRef, conditions }) => ({
          parentRef,
          conditions: conditions?.map(line),
        })),
      })),
    ),
    ...nonEmpty(
      "policies",
      policies.map(({ name, ancestor }) => ({ name, conditions: ancestor.conditions?.map(line) })),
    ),
    ...nonEmpty("notes", notes),
  };
}

function withoutPem(spec: RouteSpec): unknown {
  return {
    ...spec,
    certificates: spec.certificates.map(({ name }) => name),
    authorities: spec.authorities.map(({ name }) => name),
  };
}

function listenerText({ name, attachedRoutes, supportedKinds, conditions }: ListenerStatus) {
  return {
    name,
    attachedRoutes,
    kinds: (supportedKinds ?? []).map(({ kind }) => kind).join(" "),
    conditions: conditions.map(line),
  };
}

function nonEmpty(key: string, list: readonly unknown[]): Record<string, unknown> {
  return list.length === 0 ? {} : { [key]: list };
}
