import type { KubeObject } from "../../kube/types.ts";
import type { RouteKind } from "../../gateway/types.ts";

/** API group of the Gateway API. */
export const GATEWAY_GROUP = "gateway.networking.k8s.io";

/** Kinds of the Gateway API that berth reads, with the names of their collections. */
export const GATEWAY_KINDS = {
  GatewayClass: "gatewayclasses",
  Gateway: "gateways",
  ListenerSet: "listenersets",
  HTTPRoute: "httproutes",
  GRPCRoute: "grpcroutes",
  TLSRoute: "tlsroutes",
  TCPRoute: "tcproutes",
  UDPRoute: "udproutes",
  ReferenceGrant: "referencegrants",
  BackendTLSPolicy: "backendtlspolicies",
} as const;

/** One of {@link GATEWAY_KINDS}. */
export type GatewayKind = keyof typeof GATEWAY_KINDS;

/** Versions that berth understands, best first. */
export const GATEWAY_VERSIONS: readonly string[] = ["v1", "v1beta1", "v1alpha3", "v1alpha2"];

/** The kind whose resource definition has this name; undefined for other definitions. */
export function kindOfDefinition(name: string): GatewayKind | undefined {
  const [plural, ...group] = name.split(".");
  if (group.join(".") !== GATEWAY_GROUP) return undefined;
  return (Object.keys(GATEWAY_KINDS) as GatewayKind[])
    .find((kind) => GATEWAY_KINDS[kind] === plural);
}

/** The version to use of those that a definition serves; undefined when none is known. */
export function bestVersion(served: readonly string[]): string | undefined {
  return GATEWAY_VERSIONS.find((version) => served.includes(version));
}

/** API path of all objects of a kind. */
export function collectionPath(kind: GatewayKind, version: string): string {
  return `/apis/${GATEWAY_GROUP}/${version}/${GATEWAY_KINDS[kind]}`;
}

/** API path of one object. */
export function objectPath(kind: GatewayKind, version: string, of: KubeObject): string {
  const { namespace, name } = of.metadata;
  const start = `/apis/${GATEWAY_GROUP}/${version}`;
  const inside = namespace === undefined ? "" : `/namespaces/${encodeURIComponent(namespace)}`;
  return `${start}${inside}/${GATEWAY_KINDS[kind]}/${encodeURIComponent(name)}`;
}

/** True for the kinds that carry traffic. */
export function isRouteKind(kind: string): kind is RouteKind {
  return kind.endsWith("Route");
}
