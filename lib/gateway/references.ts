import { type CrossReference, permissions } from "./grants.ts";
import { nameOf, pathOf } from "./names.ts";
import type { GatewayInput, GatewayReferences } from "./plan_types.ts";
import type {
  BackendReference,
  BackendTLSPolicy,
  Gateway,
  GatewayListener,
  ListenerSet,
  ObjectReference,
  ReferenceGrant,
  Route,
  RouteFilter,
} from "./types.ts";

/** The objects that tell what else a Gateway's plan has to look at. */
export type GatewayObjects = Pick<
  GatewayInput,
  "gateway" | "listenerSets" | "routes" | "policies"
>;

/**
 * Services, Secrets and ConfigMaps that the objects name. Each list is sorted and holds no name
 * twice.
 */
export function gatewayReferences(objects: GatewayObjects): GatewayReferences {
  return sorted(crossReferences(objects));
}

/**
 * Those of {@link gatewayReferences} that may be followed: nothing else has to be read or watched
 * for a Gateway's plan.
 */
export function permittedReferences(
  objects: GatewayObjects,
  grants: readonly ReferenceGrant[],
): GatewayReferences {
  return sorted(crossReferences(objects).filter(permissions(grants)));
}

/** Every backend reference of a route, mirrors included. */
export function backendReferences(route: Route): readonly BackendReference[] {
  const rules: readonly ReferringRule[] = route.spec.rules ?? [];
  return rules.flatMap(({ filters, backendRefs }) => [
    ...(backendRefs ?? []),
    ...mirrorsOf(filters),
    ...(backendRefs ?? []).flatMap((ref) => mirrorsOf(ref.filters)),
  ]);
}

/** The part of a rule that every kind of route has. */
interface ReferringRule {
  readonly filters?: readonly RouteFilter[];
  readonly backendRefs?: readonly BackendReference[];
}

function mirrorsOf(filters: readonly RouteFilter[] | undefined): readonly BackendReference[] {
  return (filters ?? []).flatMap(({ requestMirror }) =>
    requestMirror === undefined ? [] : [requestMirror.backendRef]
  );
}

/** True for references to kind Service of the core group, which are the default. */
export function isService(ref: { readonly group?: string; readonly kind?: string }): boolean {
  return (ref.group ?? "") === "" && (ref.kind ?? "Service") === "Service";
}

function crossReferences(objects: GatewayObjects): readonly CrossReference[] {
  return [
    ...objects.routes.flatMap(routeServices),
    ...gatewayObjects(objects.gateway),
    ...objects.listenerSets.flatMap(setSecrets),
    ...objects.policies.flatMap(policyConfigMaps),
  ];
}

/** Every Service that a route names. */
export function routeServices(route: Route): readonly CrossReference[] {
  const from = { kind: route.kind, ...nameOf(route) };
  return backendReferences(route).filter(isService).map((ref) => located(ref, "Service", from));
}

function gatewayObjects(gateway: Gateway): readonly CrossReference[] {
  const from = { kind: "Gateway", ...nameOf(gateway) };
  const { backend, frontend } = gateway.spec.tls ?? {};
  const client = backend?.clientCertificateRef;
  const blocks = [frontend?.default, ...(frontend?.perPort ?? []).map(({ tls }) => tls)];
  return [
    ...[
      ...(gateway.spec.listeners ?? []).flatMap(certificateRefs),
      ...(client === undefined ? [] : [client]),
    ].filter((ref) => isKind(ref, "Secret")).map((ref) => located(ref, "Secret", from)),
    ...blocks.flatMap((block) => block?.validation?.caCertificateRefs ?? [])
      .filter((ref) => (ref.group ?? "") === "" && ref.kind === "ConfigMap")
      .map((ref) => located(ref, "ConfigMap", from)),
  ];
}

function setSecrets(set: ListenerSet): readonly CrossReference[] {
  const from = { kind: "ListenerSet", ...nameOf(set) };
  return set.spec.listeners.flatMap(certificateRefs).filter((ref) => isKind(ref, "Secret"))
    .map((ref) => located(ref, "Secret", from));
}

function policyConfigMaps(policy: BackendTLSPolicy): readonly CrossReference[] {
  const from = { kind: "BackendTLSPolicy", ...nameOf(policy) };
  return (policy.spec.validation.caCertificateRefs ?? [])
    .filter(({ group, kind }) => group === "" && kind === "ConfigMap")
    .map((ref) => located(ref, "ConfigMap", from));
}

function certificateRefs({ tls }: GatewayListener): readonly ObjectReference[] {
  return tls?.certificateRefs ?? [];
}

function isKind(ref: ObjectReference, kind: string): boolean {
  return (ref.group ?? "") === "" && (ref.kind ?? kind) === kind;
}

function located(
  { namespace, name }: ObjectReference,
  kind: string,
  from: CrossReference["from"],
): CrossReference {
  return { from, to: { kind, namespace: namespace ?? from.namespace, name } };
}

function sorted(references: readonly CrossReference[]): GatewayReferences {
  const of = (kind: string) => {
    const names = references.filter(({ to }) => to.kind === kind)
      .map(({ to: { namespace, name } }) => ({ namespace, name }));
    const found = new Map(names.map((one) => [pathOf(one), one]));
    return [...found].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
  };
  return { services: of("Service"), secrets: of("Secret"), configMaps: of("ConfigMap") };
}
