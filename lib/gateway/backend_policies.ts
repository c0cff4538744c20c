import type { Service, ServicePort } from "../kube/types.ts";
import type { Authority, UpstreamTls } from "../proxy/types.ts";
import { headerValueProblem } from "../proxy/mod.ts";
import type { Lookups } from "./lookups.ts";
import { byAge, nameOf, pathOf } from "./names.ts";
import { type Problem, problem } from "./problem.ts";
import { findAuthority, type ReferenceReasons } from "./tls_objects.ts";
import type { BackendTLSPolicy } from "./types.ts";

/** A BackendTLSPolicy with what was found about it. */
export interface PlannedPolicy {
  readonly policy: BackendTLSPolicy;
  /** Why it is not accepted; a conflict is found per target. */
  readonly refused: Problem | undefined;
  readonly unresolved: Problem | undefined;
  /** Present when backends can be reached with it. */
  readonly tls: UpstreamTls | undefined;
  readonly authority: Authority | undefined;
}

/** Policies by target: `ns/service` for a whole Service, `ns/service#port` for one port's name. */
export interface PolicyBook {
  readonly winners: ReadonlyMap<string, PlannedPolicy>;
  readonly all: readonly PlannedPolicy[];
}

const REASONS: ReferenceReasons = {
  notPermitted: "RefNotPermitted", // cannot happen: the references are local
  kind: "InvalidKind",
  invalid: "InvalidCACertificateRef",
};

/** Plans every policy; of those with the same target, the oldest wins (GEP-713). */
export function planPolicies(
  policies: readonly BackendTLSPolicy[],
  lookups: Lookups,
): PolicyBook {
  const all = policies.toSorted(byAge).map((policy) => planPolicy(policy, lookups));
  const winners = new Map<string, PlannedPolicy>();
  for (const planned of all) {
    for (const key of targetKeys(planned.policy)) {
      if (!winners.has(key)) winners.set(key, planned);
    }
  }
  return { winners, all };
}

/** Targets of a policy that are Services. */
export function targetKeys(policy: BackendTLSPolicy): readonly string[] {
  const { namespace } = nameOf(policy);
  return policy.spec.targetRefs
    .filter(({ group, kind }) => group === "" && kind === "Service")
    .map(({ name, sectionName }) => {
      const path = pathOf({ namespace, name });
      return sectionName === undefined ? path : `${path}#${sectionName}`;
    });
}

/** The policy for a Service's port: one for the port beats one for the whole Service. */
export function policyFor(
  service: Service,
  port: ServicePort,
  book: PolicyBook,
): PlannedPolicy | undefined {
  const path = pathOf(nameOf(service));
  const own = port.name === undefined ? undefined : book.winners.get(`${path}#${port.name}`);
  return own ?? book.winners.get(path);
}

function planPolicy(policy: BackendTLSPolicy, lookups: Lookups): PlannedPolicy {
  const { validation } = policy.spec;
  const wrong = fieldProblem(policy);
  if (wrong !== undefined) {
    return { policy, refused: wrong, unresolved: undefined, tls: undefined, authority: undefined };
  }
  const names = (validation.subjectAltNames ?? []).map(alternative);
  const base = { hostname: validation.hostname, names };
  const refs = validation.caCertificateRefs ?? [];
  if (refs.length === 0) {
    const tls: UpstreamTls = { ...base, authority: "system" };
    return { policy, refused: undefined, unresolved: undefined, tls, authority: undefined };
  }
  const referrer = { kind: "BackendTLSPolicy", namespace: nameOf(policy).namespace, lookups };
  const { authority, problem: unresolved } = findAuthority(refs, referrer, REASONS);
  const refused = authority === undefined
    ? problem("NoValidCACertificate", unresolved?.message ?? "no CA certificate was found")
    : undefined;
  const tls = authority === undefined ? undefined : { ...base, authority: authority.name };
  return { policy, refused, unresolved, tls, authority };
}

type Alternative = NonNullable<
  BackendTLSPolicy["spec"]["validation"]["subjectAltNames"]
>[number];

function alternative({ type, hostname, uri }: Alternative): UpstreamTls["names"][number] {
  return type === "URI"
    ? { kind: "uri", value: uri ?? "" }
    : { kind: "dns", value: hostname ?? "" };
}

function fieldProblem({ spec }: BackendTLSPolicy): Problem | undefined {
  const { validation } = spec;
  const known = validation.wellKnownCACertificates;
  const refs = validation.caCertificateRefs ?? [];
  if (refs.length === 0 && known !== "System") {
    const message = `validation.wellKnownCACertificates is "${known ?? ""}": set System, or name ` +
      `ConfigMaps in caCertificateRefs`;
    return problem("Invalid", message);
  }
  const values = [validation.hostname, ...(validation.subjectAltNames ?? []).map(alternativeText)];
  const bad = values.find((value) => value === "" || headerValueProblem(value) !== undefined);
  if (bad === undefined) return undefined;
  return problem("Invalid", `validation has the empty or unprintable name "${bad}": correct it`);
}

function alternativeText(one: Alternative): string {
  return alternative(one).value;
}
