import type { Authority, Certificate } from "../proxy/types.ts";
import { fromBase64 } from "./key_pairs.ts";
import type { Lookups } from "./lookups.ts";
import { pathOf } from "./names.ts";
import { authorityProblem, certificatesAlone } from "./pem.ts";
import { joined, type Problem, problem } from "./problem.ts";
import type { ObjectReference } from "./types.ts";

/** Who refers, for ReferenceGrants, and where references are looked up. */
export interface Referrer {
  readonly kind: string;
  readonly namespace: string;
  readonly lookups: Lookups;
}

/** Reasons that a place has for references that do not hold. */
export interface ReferenceReasons {
  readonly notPermitted: string;
  readonly kind: string;
  readonly invalid: string;
}

/** Something found, or why not. */
export type Found<T> = { readonly value: T } | { readonly problem: Problem };

/** The certificate and key of a Secret that a listener or the Gateway names. */
export function findKeyPair(
  ref: ObjectReference,
  referrer: Referrer,
  reasons: ReferenceReasons,
): Found<Certificate> {
  const kind = ref.kind ?? "Secret";
  if ((ref.group ?? "") !== "" || kind !== "Secret") {
    const what = `${ref.group ?? ""}/${kind}`;
    return {
      problem: problem(reasons.kind, `"${ref.name}" is of kind "${what}": name a core Secret`),
    };
  }
  const target = { kind, namespace: ref.namespace ?? referrer.namespace, name: ref.name };
  const refused = refusal(target, referrer, reasons);
  if (refused !== undefined) return { problem: refused };
  const name = pathOf(target);
  const pair = referrer.lookups.keyPair(name);
  if (pair === undefined) return { problem: missing(`Secret ${name}`, reasons) };
  const { certificate, privateKey, problem: wrong } = pair;
  return wrong === undefined
    ? { value: { name, certificate, privateKey } }
    : { problem: problem(reasons.invalid, `Secret ${name}: ${wrong}: store a matching pair`) };
}

/** Certificates of several ConfigMaps as one authority, of those that hold, and what does not. */
export interface FoundAuthority {
  readonly authority: Authority | undefined;
  readonly problem: Problem | undefined;
}

/** The authority that ConfigMaps make up together. */
export function findAuthority(
  refs: readonly ObjectReference[],
  referrer: Referrer,
  reasons: ReferenceReasons,
): FoundAuthority {
  const found = refs.map((ref) => findCertificates(ref, referrer, reasons));
  const good = found.flatMap((one) => "value" in one ? [one.value] : []);
  return {
    authority: good.length === 0 ? undefined : {
      name: good.map(({ name }) => name).join("+"),
      certificates: good.map(({ certificates }) => certificates).join(""),
    },
    problem: joined(found.flatMap((one) => "problem" in one ? [one.problem] : [])),
  };
}

function findCertificates(
  ref: ObjectReference,
  referrer: Referrer,
  reasons: ReferenceReasons,
): Found<Authority> {
  if ((ref.group ?? "") !== "" || ref.kind !== "ConfigMap") {
    const what = `${ref.group ?? ""}/${ref.kind ?? ""}`;
    return {
      problem: problem(reasons.kind, `"${ref.name}" is of kind "${what}": name a core ConfigMap`),
    };
  }
  const target = { kind: ref.kind, namespace: ref.namespace ?? referrer.namespace, name: ref.name };
  const refused = refusal(target, referrer, reasons);
  if (refused !== undefined) return { problem: refused };
  const name = pathOf(target);
  const object = referrer.lookups.configMaps.get(name);
  if (object === undefined) return { problem: missing(`ConfigMap ${name}`, reasons) };
  const certificates = object.data?.["ca.crt"] ?? fromBase64(object.binaryData?.["ca.crt"]);
  const wrong = authorityProblem(certificates);
  return wrong === undefined
    ? { value: { name, certificates: certificatesAlone(certificates) } }
    : { problem: problem(reasons.invalid, `ConfigMap ${name}: ${wrong}: store it there`) };
}

interface Target {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

function refusal(to: Target, from: Referrer, reasons: ReferenceReasons): Problem | undefined {
  if (from.lookups.permits({ from, to })) return undefined;
  const message = `no ReferenceGrant in namespace ${to.namespace} lets ${from.kind}s of ` +
    `namespace ${from.namespace} refer to ${to.kind} ${to.name}: create one`;
  return problem(reasons.notPermitted, message);
}

function missing(what: string, reasons: ReferenceReasons): Problem {
  return problem(reasons.invalid, `${what} does not exist: create it`);
}
