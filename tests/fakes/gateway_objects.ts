import type {
  BackendTLSPolicy,
  Gateway,
  GatewayClass,
  ListenerSet,
  ReferenceGrant,
  Route,
} from "../../lib/gateway/mod.ts";
import type { ObjectMeta } from "../../lib/kube/types.ts";

/** What differs from ordinary metadata. */
export type MetaChange = Partial<ObjectMeta>;

/** Metadata of `ns/name`. */
export function meta(name: string, change: MetaChange = {}): ObjectMeta {
  return {
    name,
    namespace: "ns",
    uid: `uid-${name}`,
    resourceVersion: "1",
    generation: 1,
    ...change,
  };
}

/** A GatewayClass, by default one of ours. */
export function gatewayClass(
  name = "berth",
  controllerName = "berth.dev/gateway-controller",
): GatewayClass {
  const { namespace: _, ...metadata } = meta(name);
  return { metadata, spec: { controllerName } };
}

/** A Gateway of class `berth` with one HTTP listener. */
export function gateway(
  name = "gw",
  { metadata = {}, ...change }: Partial<Omit<Gateway, "metadata">> & { metadata?: MetaChange } = {},
): Gateway {
  const listeners = [{ name: "http", port: 80, protocol: "HTTP" }];
  return {
    metadata: meta(name, metadata),
    ...change,
    spec: { gatewayClassName: "berth", listeners, ...change.spec },
  };
}

/** A ListenerSet of Gateway `ns/gw`. */
export function listenerSet(name = "set", parent = "gw", metadata: MetaChange = {}): ListenerSet {
  return { metadata: meta(name, metadata), spec: { parentRef: { name: parent }, listeners: [] } };
}

/** What differs from an ordinary route. */
export interface RouteChange {
  readonly parents?: readonly {
    readonly name: string;
    readonly kind?: string;
    readonly namespace?: string;
  }[];
  readonly backends?: readonly { readonly name: string; readonly namespace?: string }[];
  readonly metadata?: MetaChange;
  readonly status?: NonNullable<Route["status"]>;
}

/** An HTTPRoute of Gateway `ns/gw` to Service `ns/web`. */
export function httpRoute(name = "route", change: RouteChange = {}): Route {
  const { parents = [{ name: "gw" }], backends = [{ name: "web" }], metadata, status } = change;
  return {
    kind: "HTTPRoute",
    metadata: meta(name, metadata),
    spec: {
      parentRefs: parents,
      rules: [{ backendRefs: backends.map((ref) => ({ ...ref, port: 80 })) }],
    },
    ...(status === undefined ? {} : { status }),
  };
}

/** A grant in `namespace` from Gateways of `from` to one kind. */
export function grant(namespace: string, from: string, to: string, name?: string): ReferenceGrant {
  return {
    metadata: meta(`grant-${from}`, { namespace }),
    spec: {
      from: [{ group: "gateway.networking.k8s.io", kind: "Gateway", namespace: from }],
      to: [{ group: "", kind: to, ...(name === undefined ? {} : { name }) }],
    },
  };
}

/** A policy that targets a Service and trusts one ConfigMap. */
export function policy(name = "tls", service = "web", configMap = "ca"): BackendTLSPolicy {
  return {
    metadata: meta(name),
    spec: {
      targetRefs: [{ group: "", kind: "Service", name: service }],
      validation: {
        hostname: "web.example",
        caCertificateRefs: [{ group: "", kind: "ConfigMap", name: configMap }],
      },
    },
  };
}
