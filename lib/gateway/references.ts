import type { GatewayInput, GatewayReferences, NamespacedName } from "./plan_types.ts";
import type {
  BackendReference,
  GatewayListener,
  ObjectReference,
  Route,
  RouteFilter,
} from "./types.ts";

/** The objects that tell what else a Gateway's plan has to look at. */
export type GatewayObjects = Pick<
  GatewayInput,
  "gateway" | "listenerSets" | "routes" | "policies"
>;

/**
 * Services, Secrets and ConfigMaps that a Gateway's plan needs, found from the objects alone:
 * nothing else has to be read or watched for it. Each list is sorted and holds no name twice.
 */
export function gatewayReferences(objects: GatewayObjects): GatewayReferences {
  return {
    services: distinct(objects.routes.flatMap(routeServices)),
    secrets: distinct(secretsOf(objects)),
    configMaps: distinct(configMapsOf(objects)),
  };
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

function routeServices(route: Route): readonly NamespacedName[] {
  const home = namespaceOf(route);
  return backendReferences(route).filter(isService).map((ref) => located(ref, home));
}

function secretsOf({ gateway, listenerSets }: GatewayObjects): readonly NamespacedName[] {
  const client = gateway.spec.tls?.backend?.clientCertificateRef;
  return [
    ...(gateway.spec.listeners ?? []).flatMap((one) => listenerSecrets(one, namespaceOf(gateway))),
    ...listenerSets.flatMap((set) =>
      set.spec.listeners.flatMap((one) => listenerSecrets(one, namespaceOf(set)))
    ),
    ...(client !== undefined && isKind(client, "Secret")
      ? [located(client, namespaceOf(gateway))]
      : []),
  ];
}

function listenerSecrets(listener: GatewayListener, home: string): readonly NamespacedName[] {
  return (listener.tls?.certificateRefs ?? [])
    .filter((ref) => isKind(ref, "Secret"))
    .map((ref) => located(ref, home));
}

function configMapsOf({ gateway, policies }: GatewayObjects): readonly NamespacedName[] {
  const { frontend } = gateway.spec.tls ?? {};
  const blocks = [frontend?.default, ...(frontend?.perPort ?? []).map(({ tls }) => tls)];
  return [
    ...blocks
      .flatMap((block) => block?.validation?.caCertificateRefs ?? [])
      .filter((ref) => (ref.group ?? "") === "" && ref.kind === "ConfigMap")
      .map((ref) => located(ref, namespaceOf(gateway))),
    ...policies.flatMap((policy) =>
      (policy.spec.validation.caCertificateRefs ?? [])
        .filter(({ group, kind }) => group === "" && kind === "ConfigMap")
        .map((ref) => located(ref, namespaceOf(policy)))
    ),
  ];
}

function isKind(ref: ObjectReference, kind: string): boolean {
  return (ref.group ?? "") === "" && (ref.kind ?? kind) === kind;
}

function located(ref: ObjectReference, home: string): NamespacedName {
  return { namespace: ref.namespace ?? home, name: ref.name };
}

function namespaceOf(object: { readonly metadata: { readonly namespace?: string } }): string {
  return object.metadata.namespace ?? "default";
}

function distinct(names: readonly NamespacedName[]): readonly NamespacedName[] {
  const found = new Map(names.map((one) => [`${one.namespace}/${one.name}`, one]));
  return [...found].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}
