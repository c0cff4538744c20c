import type { EndpointSlice, KubeObject, Service } from "../kube/types.ts";
import type { Secret } from "../gateway/types.ts";
import type { RoutesServed } from "../planes/types.ts";
import type { RouteSpec } from "../proxy/types.ts";

/** `networking.k8s.io/v1` Ingress. */
export interface Ingress extends KubeObject {
  readonly spec: {
    readonly ingressClassName?: string;
    readonly defaultBackend?: IngressBackend;
    readonly tls?: readonly IngressTls[];
    readonly rules?: readonly IngressRule[];
  };
  readonly status?: { readonly loadBalancer?: IngressLoadBalancer };
}

/** A Service's port, or an object that berth does not serve. */
export interface IngressBackend {
  readonly service?: {
    readonly name: string;
    readonly port?: { readonly name?: string; readonly number?: number };
  };
  readonly resource?: { readonly apiGroup?: string; readonly kind: string; readonly name: string };
}

/** Names that a Secret's certificate is for; without names it serves every other one. */
export interface IngressTls {
  readonly hosts?: readonly string[];
  readonly secretName?: string;
}

/** Paths of one host; without host, of every host. */
export interface IngressRule {
  readonly host?: string;
  readonly http?: { readonly paths: readonly IngressPath[] };
}

/** One path; `ImplementationSpecific` is served as `Prefix`. */
export interface IngressPath {
  readonly path?: string;
  readonly pathType: "Exact" | "Prefix" | "ImplementationSpecific";
  readonly backend: IngressBackend;
}

/** `status.loadBalancer`. */
export interface IngressLoadBalancer {
  readonly ingress?: readonly {
    readonly ip?: string;
    readonly hostname?: string;
    readonly ports?: readonly { readonly port: number; readonly protocol: string }[];
  }[];
}

/** `networking.k8s.io/v1` IngressClass. */
export interface IngressClass extends KubeObject {
  readonly spec?: { readonly controller?: string };
}

/** A namespaced name. */
export interface ObjectName {
  readonly namespace: string;
  readonly name: string;
}

/** Objects that Ingresses name. */
export interface IngressReferences {
  readonly services: readonly ObjectName[];
  readonly secrets: readonly ObjectName[];
}

/** Everything that decides what the Ingresses of one cluster are served. */
export interface IngressInput {
  readonly cluster: string;
  /** Ours alone (`ownsIngress`). */
  readonly ingresses: readonly Ingress[];
  readonly services: readonly Service[];
  readonly slices: readonly EndpointSlice[];
  /** Those that IngressReferences named and that exist. */
  readonly secrets: readonly Secret[];
  /** From the ledger. */
  readonly addresses: readonly string[];
}

/** Decided from an IngressInput alone. */
export interface IngressPlan {
  /** Absent: there is no Ingress, nothing is to be served. */
  readonly spec: RouteSpec | undefined;
  /** What a person has to mend, each told on its Ingress. */
  readonly problems: readonly IngressProblem[];
  /** `status.loadBalancer` of each Ingress once the proxy answered. */
  statuses(served: RoutesServed): readonly IngressStatusWrite[];
}

/** One defect of one Ingress; the rest of it is served. */
export interface IngressProblem extends ObjectName {
  /** CamelCase, as events have it. */
  readonly reason: string;
  /** Names field, value and remedy. */
  readonly message: string;
}

/** A status to write where it differs. */
export interface IngressStatusWrite extends ObjectName {
  readonly loadBalancer: IngressLoadBalancer;
}
