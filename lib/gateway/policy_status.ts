import { type PlannedPolicy, type PolicyBook, targetKeys } from "./backend_policies.ts";
import { no, stamp, yes } from "./conditions.ts";
import type { Lookups } from "./lookups.ts";
import { GATEWAY_GROUP, nameOf } from "./names.ts";
import type { PolicyResult } from "./plan_facts.ts";
import type { GatewayInput } from "./plan_types.ts";
import { type Problem, problem } from "./problem.ts";
import type { PolicyAncestorStatus } from "./types.ts";

/** What decides which policies concern a Gateway. */
export interface PolicyScope {
  readonly book: PolicyBook;
  readonly lookups: Lookups;
  /** Services (`ns/name`) that attached routes use. */
  readonly used: ReadonlySet<string>;
}

/** The policies of Services that attached routes use, each with its verdict. */
export function concernedPolicies(scope: PolicyScope): readonly PolicyResult[] {
  return scope.book.all.flatMap((planned) => {
    const keys = targetKeys(planned.policy).filter((key) => scope.used.has(serviceOf(key)));
    if (keys.length === 0) return [];
    return [{ planned, refused: refusal(planned, keys, scope) }];
  });
}

/** The entry of a policy's `status.ancestors` that is for this Gateway. */
export function policyAncestor(
  { planned, refused }: PolicyResult,
  { gateway, controllerName, now }: GatewayInput,
): PolicyAncestorStatus {
  const { policy, unresolved } = planned;
  const ancestorRef = { group: GATEWAY_GROUP, kind: "Gateway", ...nameOf(gateway) };
  const before = policy.status?.ancestors?.find((one) =>
    one.controllerName === controllerName &&
    (one.ancestorRef.kind ?? "Gateway") === "Gateway" &&
    one.ancestorRef.name === ancestorRef.name &&
    (one.ancestorRef.namespace ?? nameOf(policy).namespace) === ancestorRef.namespace
  );
  const findings = [
    refused === undefined
      ? yes("Accepted", "Accepted")
      : no("Accepted", refused.reason, refused.message),
    unresolved === undefined
      ? yes("ResolvedRefs", "ResolvedRefs")
      : no("ResolvedRefs", unresolved.reason, unresolved.message),
  ];
  return {
    ancestorRef,
    controllerName,
    conditions: stamp(findings, {
      before: before?.conditions,
      generation: policy.metadata.generation,
      now,
    }),
  };
}

function refusal(
  planned: PlannedPolicy,
  keys: readonly string[],
  { book, lookups }: PolicyScope,
): Problem | undefined {
  const lost = keys.filter((key) => book.winners.get(key) !== planned);
  if (lost.length === keys.length) {
    const message = `an older BackendTLSPolicy has the target ${lost.join(", ")}: remove one`;
    return problem("Conflicted", message);
  }
  const missing = keys.filter((key) => !hasPort(key, lookups));
  if (missing.length === keys.length) {
    const message = `${
      missing.join(", ")
    }: the Service has no port of that name: correct sectionName`;
    return problem("TargetNotFound", message);
  }
  return planned.refused;
}

function hasPort(key: string, lookups: Lookups): boolean {
  const [path = "", section] = key.split("#");
  const ports = lookups.services.get(path)?.spec.ports ?? [];
  return section === undefined || ports.some(({ name }) => name === section);
}

function serviceOf(key: string): string {
  return key.split("#")[0] ?? "";
}
