import fc from "fast-check";
import type {
  BackendReference,
  BackendTLSPolicy,
  Gateway,
  GatewayListener,
  HTTPRouteRule,
  ListenerSet,
  ParentReference,
  ReferenceGrant,
  Route,
  RouteFilter,
} from "../../lib/gateway/types.ts";
import type { GatewayInput } from "../../lib/gateway/plan_types.ts";
import type { Service } from "../../lib/kube/types.ts";
import { gatewayInput } from "./gateway_input.ts";

const namespaces = ["infra", "shop"] as const;
/** The last one is none, though the API takes it. */
const hosts = [
  ...["a.example.com", "b.example.com", "*.example.com", "*.com", "a.org"],
  `${"x".repeat(64)}.example.com`,
] as const;
const texts = ["/", "/a", "/a/", "/a/b", "(", "x y", ""] as const;

const few = <T>(one: fc.Arbitrary<T>, maxLength = 3) => fc.array(one, { maxLength });
const pick = <T>(...values: readonly T[]) => fc.constantFrom(...values);
const record = <T extends object>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(model, { requiredKeys: [] });

const backendRef: fc.Arbitrary<BackendReference> = fc.record({
  name: pick("web", "other", "gone"),
  namespace: pick(...namespaces),
  kind: pick("Service", "Service", "Service", "Bucket"),
  port: pick(80, 443, 81),
  weight: pick(0, 1, 5),
});

const filter: fc.Arbitrary<RouteFilter> = fc.oneof(
  pick<RouteFilter>(
    { type: "RequestHeaderModifier", requestHeaderModifier: { remove: ["x-a", "a b"] } },
    {
      type: "RequestHeaderModifier",
      requestHeaderModifier: { set: [{ name: "host", value: "x" }] },
    },
    {
      type: "ResponseHeaderModifier",
      responseHeaderModifier: { add: [{ name: "x", value: "1" }] },
    },
    { type: "RequestRedirect", requestRedirect: { scheme: "https" } },
    { type: "RequestRedirect", requestRedirect: { port: 8080, statusCode: 307 } },
    { type: "URLRewrite", urlRewrite: { hostname: "x" } },
    {
      type: "URLRewrite",
      urlRewrite: { path: { type: "ReplacePrefixMatch", replacePrefixMatch: "/" } },
    },
    { type: "CORS", cors: { allowOrigins: ["*"] } },
    { type: "ExternalAuth" },
    { type: "Nonsense" },
  ),
  backendRef.map((ref): RouteFilter => ({
    type: "RequestMirror",
    requestMirror: { backendRef: ref },
  })),
);

const match = record<NonNullable<HTTPRouteRule["matches"]>[number]>({
  path: fc.record({
    type: pick("Exact", "PathPrefix", "RegularExpression", "X"),
    value: pick(...texts),
  }),
  method: pick("GET", "POST"),
  headers: few(fc.record({ name: pick("x-a", "X-A", "a b"), value: pick(...texts) }), 2),
});

const rule: fc.Arbitrary<HTTPRouteRule> = record<HTTPRouteRule>({
  name: pick("one", "two"),
  matches: few(match),
  filters: few(filter, 2),
  backendRefs: few(backendRef),
  timeouts: pick({ request: "1s" }, { request: "soon" }, { backendRequest: "0s" }),
});

const sections = ["http", "narrow", "https", "pass", "tcp", "udp", "odd"] as const;

const parentRef: fc.Arbitrary<ParentReference> = fc.oneof(
  fc.record({
    name: pick("gw", "gw", "gw", "other"),
    namespace: pick("infra"),
    sectionName: pick(...sections),
  }, { requiredKeys: ["name", "namespace"] }),
  fc.record({ kind: pick("ListenerSet"), name: pick("set-0", "set-1"), namespace: pick("infra") }),
);

function metadata(name: string, namespace: string, day = 1) {
  const creationTimestamp = `2026-01-0${day}T00:00:00Z`;
  return { name, namespace, uid: `${namespace}/${name}`, resourceVersion: "1", creationTimestamp };
}

const kinds = ["HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute"] as const;

const route = fc.record({
  kind: pick(...kinds, "HTTPRoute" as const),
  namespace: pick(...namespaces),
  day: fc.integer({ min: 1, max: 3 }),
  parentRefs: fc.array(parentRef, { minLength: 1, maxLength: 3 }),
  hostnames: few(pick(...hosts)),
  rules: few(rule),
});

const routes = few(route, 6).map((list) =>
  list.map(({ kind, namespace, day, parentRefs, hostnames, rules }, at): Route => {
    const head = { metadata: metadata(`r${at}`, namespace, day) };
    const base = { parentRefs, hostnames };
    if (kind === "HTTPRoute") return { kind, ...head, spec: { ...base, rules } };
    const bare = rules.map(({ backendRefs }) => (backendRefs === undefined ? {} : { backendRefs }));
    if (kind === "GRPCRoute") return { kind, ...head, spec: { ...base, rules: bare } };
    return { kind, ...head, spec: { ...base, rules: bare } };
  })
);

const tls = { certificateRefs: [{ name: "cert" }] };
const listener = fc.record({
  port: pick(80, 80, 443, 443, 53),
  hostname: pick(undefined, ...hosts),
  shape: pick<Omit<GatewayListener, "name" | "port">>(
    { protocol: "HTTP" },
    { protocol: "HTTP", allowedRoutes: { namespaces: { from: "All" } } },
    { protocol: "HTTPS", tls, allowedRoutes: { namespaces: { from: "All" } } },
    { protocol: "HTTPS", tls: { certificateRefs: [{ name: "gone" }] } },
    { protocol: "TLS", tls: { mode: "Passthrough" } },
    { protocol: "TLS", tls },
    { protocol: "TCP" },
    { protocol: "UDP" },
    { protocol: "ODD" },
  ),
});

const listeners = fc.array(listener, { minLength: 1, maxLength: sections.length }).map((list) =>
  list.map(({ port, hostname, shape }, at): GatewayListener => ({
    name: sections[at] ?? "more",
    port,
    ...shape,
    ...(hostname === undefined ? {} : { hostname }),
  }))
);

const policies = few(
  fc.record({ service: pick("web", "other"), section: pick(undefined, "https") }),
)
  .map((list) =>
    list.map(({ service, section }, at): BackendTLSPolicy => ({
      metadata: metadata(`p${at}`, "infra"),
      spec: {
        targetRefs: [{
          group: "",
          kind: "Service",
          name: service,
          ...(section === undefined ? {} : { sectionName: section }),
        }],
        validation: { hostname: "web", wellKnownCACertificates: "System" },
      },
    }))
  );

const services: readonly Service[] = namespaces.flatMap((namespace) =>
  ["web", "other"].map((name) => ({
    metadata: metadata(name, namespace),
    spec: { ports: [{ name: "http", port: 80 }, { name: "https", port: 443 }] },
  }))
);

const grants: readonly ReferenceGrant[] = [{
  metadata: metadata("g", "shop"),
  spec: {
    from: kinds.map((kind) => ({ group: "gateway.networking.k8s.io", kind, namespace: "infra" })),
    to: [{ group: "", kind: "Service", name: "web" }],
  },
}];

const SECRET = gatewayInput(`
kind: Gateway
metadata: { name: gw }
spec: { gatewayClassName: berth }
---
kind: Secret
metadata: { name: cert }
data: { tls.crt: "@server.pem", tls.key: "@server.key" }
`);

/** Inputs as the API server lets them through, good and bad, of every kind. */
export const anyGatewayInput: fc.Arbitrary<GatewayInput> = fc.record({
  own: listeners,
  sets: few(listeners, 2),
  routes,
  policies,
  insecure: fc.boolean(),
}).map(({ own, sets, ...rest }) => {
  const gateway: Gateway = {
    metadata: metadata("gw", "infra"),
    spec: {
      gatewayClassName: "berth",
      listeners: own,
      allowedListeners: { namespaces: { from: "Same" } },
    },
  };
  const listenerSets = sets.map((found, at): ListenerSet => ({
    metadata: metadata(`set-${at}`, at === 0 ? "infra" : "shop"),
    spec: { parentRef: { name: "gw", namespace: "infra" }, listeners: found },
  }));
  return {
    ...SECRET,
    gateway,
    listenerSets,
    routes: rest.routes,
    policies: rest.policies,
    services,
    grants,
    namespaces: { infra: {}, shop: {} },
  };
});
