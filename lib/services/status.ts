import { stableJson } from "../core/mod.ts";
import type { Condition, LoadBalancerIngress, Service, ServiceStatus } from "../kube/types.ts";
import type { PlaneName, Served } from "../planes/types.ts";
import { publishedText } from "./published.ts";

/** Type of the condition by which people and `berth status` see how a Service is served. */
export const servingCondition = "berth.dev/Serving";

/** What the plane reported, or why nothing is served. */
export type ServingReport =
  | { readonly kind: "served"; readonly served: Served; readonly plane: PlaneName }
  | { readonly kind: "failed"; readonly reason: string; readonly message: string };

/**
 * The status that a Service should have, or undefined when it already has it. A failure changes
 * only the condition: addresses that were given stay. `now` is RFC 3339.
 */
export function nextStatus(
  service: Service,
  report: ServingReport,
  now: string,
): ServiceStatus | undefined {
  const old = service.status ?? {};
  const ingress = report.kind === "served"
    ? servedIngress(service, report)
    : old.loadBalancer?.ingress ?? [];
  const condition = withTime(conditionOf(report), old.conditions, now);
  const next = { loadBalancer: { ingress }, conditions: [condition] };
  return sameStatus(old, next) ? undefined : next;
}

/** The status of a Service that berth no longer serves; undefined when nothing is to be cleared. */
export function clearedStatus(service: Service, now: string): ServiceStatus | undefined {
  const old = service.status ?? {};
  const ours = old.conditions?.some(({ type }) => type === servingCondition) ?? false;
  if ((old.loadBalancer?.ingress ?? []).length === 0 && !ours) return undefined;
  const message = "berth does not serve this Service";
  const condition = withTime({ status: "False", reason: "Released", message }, old.conditions, now);
  const next = { loadBalancer: { ingress: [] }, conditions: [condition] };
  return sameStatus(old, next) ? undefined : next;
}

function servedIngress(
  service: Service,
  { served, plane }: ServingReport & { kind: "served" },
): readonly LoadBalancerIngress[] {
  const ports = (service.spec.ports ?? []).map(({ port, protocol }) => ({
    port,
    protocol: protocol ?? "TCP",
  }));
  // kube-proxy may serve in-cluster clients itself only where the plane keeps the source address
  const ipMode = plane === "kernel" ? "VIP" : "Proxy";
  return served.addresses.map(({ address }) => ({ ip: address, ipMode, ports }));
}

function conditionOf(report: ServingReport): Omit<Condition, "type" | "lastTransitionTime"> {
  if (report.kind === "failed") {
    return { status: "False", reason: report.reason, message: report.message.slice(0, 1024) };
  }
  const nodes = [...new Set(report.served.addresses.flatMap(({ node }) => node ?? []))];
  const where = nodes.length === 0 ? "" : `, announced by ${nodes.join(", ")}`;
  const { warnings, published = [] } = report.served;
  const notes = [...(published.length === 0 ? [] : [publishedText(published)]), ...warnings];
  const message = `${report.plane} plane${where}${notes.map((note) => `; ${note}`).join("")}`
    .slice(0, 1024);
  return { status: "True", reason: "Served", message };
}

function withTime(
  condition: Omit<Condition, "type" | "lastTransitionTime">,
  old: readonly Condition[] | undefined,
  now: string,
): Condition {
  const before = old?.find(({ type }) => type === servingCondition);
  const same = before?.status === condition.status;
  return {
    type: servingCondition,
    ...condition,
    lastTransitionTime: same ? before.lastTransitionTime : now,
  };
}

function sameStatus(old: ServiceStatus, next: ServiceStatus): boolean {
  const mine = old.conditions?.filter(({ type }) => type === servingCondition) ?? [];
  return stableJson([old.loadBalancer?.ingress ?? [], mine]) ===
    stableJson([next.loadBalancer?.ingress ?? [], next.conditions]);
}
