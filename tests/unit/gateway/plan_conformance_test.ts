import assert from "assert";
import { gatewayYaml, objectYaml, planOf, routeConditions } from "../../fakes/gateway_plans.ts";
import { servedAll } from "../../fakes/gateway_text.ts";

/** Status-only tests of the official suite, in few words; the names are the suite's. */
interface Case {
  readonly name: string;
  readonly manifest: string;
  /** Accepted and ResolvedRefs of each parent of route `r`; `+` for True. */
  readonly route?: readonly string[];
  /** Attached routes of the Gateway's listeners, then of the sets'. */
  readonly attached?: readonly number[];
}

const HTTP = "{ name: http, port: 80, protocol: HTTP }";
const TLS = "{ name: tls, port: 443, protocol: TLS, tls: { mode: Passthrough } }";
const WEB = objectYaml("Service", "web", "{ ports: [{ port: 80 }] }");
const BACKEND = "[{ backendRefs: [{ name: web, port: 80 }] }]";
const route = (kind: string, parents: string, more = "") =>
  objectYaml(kind, "r", `{ parentRefs: [${parents}], rules: ${BACKEND}${more && `, ${more}`} }`);
const away = (kind: string, name: string, namespace: string, spec: string) =>
  `---\nkind: ${kind}\nmetadata: { name: ${name}, namespace: ${namespace} }\nspec: ${spec}\n`;
const grant = (namespace: string, from: string, to: string) =>
  away(
    "ReferenceGrant",
    `g-${from}-${to}`.toLowerCase().replace(/\W+/g, "-"),
    namespace,
    `{
    from: [{ group: gateway.networking.k8s.io, ${from} }], to: [{ group: "", ${to} }] }`,
  );
const CROSS = `{ parentRefs: [{ name: gw }], rules: [{ backendRefs: [
  { name: web, namespace: shop, port: 80 }] }] }`;
const SHOP_WEB = away("Service", "web", "shop", "{ ports: [{ port: 80 }] }");
const SET = "{ kind: ListenerSet, name: set }";
const OPEN = "allowedListeners: { namespaces: { from: Same } }";
const set = (listeners: string) =>
  objectYaml("ListenerSet", "set", `{ parentRef: { name: gw }, listeners: [${listeners}] }`);

const cases: readonly Case[] = [
  {
    name: "HTTPRouteSimpleSameNamespace",
    manifest: gatewayYaml(HTTP) + WEB + route("HTTPRoute", "{ name: gw }"),
    route: ["+ +"],
    attached: [1],
  },
  {
    name: "HTTPRouteInvalidCrossNamespaceParentRef",
    manifest: gatewayYaml(HTTP) + SHOP_WEB + away(
      "HTTPRoute",
      "r",
      "shop",
      `{ parentRefs: [{ name: gw, namespace: infra }], rules: ${BACKEND} }`,
    ),
    route: ["NotAllowedByListeners +"],
    attached: [0],
  },
  {
    name: "HTTPRouteInvalidParentRefNotMatchingSectionName",
    manifest: gatewayYaml(HTTP) + WEB + route("HTTPRoute", "{ name: gw, sectionName: x }"),
    route: ["NoMatchingParent +"],
    attached: [0],
  },
  {
    name: "HTTPRouteInvalidParentRefNotMatchingListenerPort",
    manifest: gatewayYaml(HTTP) + WEB + route("HTTPRoute", "{ name: gw, port: 81 }"),
    route: ["NoMatchingParent +"],
    attached: [0],
  },
  {
    name: "HTTPRouteInvalidParentRefSectionNameNotMatchingPort",
    manifest: gatewayYaml(HTTP) + WEB +
      route("HTTPRoute", "{ name: gw, sectionName: http, port: 81 }"),
    route: ["NoMatchingParent +"],
    attached: [0],
  },
  {
    name: "HTTPRouteDisallowedKind",
    manifest: gatewayYaml(TLS) + WEB + route("HTTPRoute", "{ name: gw }"),
    route: ["NotAllowedByListeners +"],
    attached: [0],
  },
  {
    name: "HTTPRouteInvalidCrossNamespaceBackendRef",
    manifest: gatewayYaml(HTTP) + SHOP_WEB + objectYaml("HTTPRoute", "r", CROSS),
    route: ["+ RefNotPermitted"],
    attached: [1],
  },
  {
    name: "HTTPRouteReferenceGrant",
    manifest: gatewayYaml(HTTP) + SHOP_WEB + objectYaml("HTTPRoute", "r", CROSS) +
      grant("shop", "kind: HTTPRoute, namespace: infra", "kind: Service"),
    route: ["+ +"],
  },
  {
    name: "HTTPRouteInvalidReferenceGrant",
    manifest: gatewayYaml(HTTP) + SHOP_WEB + objectYaml("HTTPRoute", "r", CROSS) +
      grant("infra", "kind: HTTPRoute, namespace: infra", "kind: Service") +
      grant("shop", "kind: Gateway, namespace: infra", "kind: Service") +
      grant("shop", "kind: HTTPRoute, namespace: shop", "kind: Service") +
      grant("shop", "kind: HTTPRoute, namespace: infra", "kind: Secret") +
      grant("shop", "kind: HTTPRoute, namespace: infra", "kind: Service, name: other"),
    route: ["+ RefNotPermitted"],
  },
  {
    name: "GatewayWithAttachedRoutesWithPort8080",
    manifest: gatewayYaml(`{ name: alt, port: 8080, protocol: HTTP }, ${HTTP}`) + WEB +
      route("HTTPRoute", "{ name: gw, sectionName: http }"),
    attached: [0, 1],
  },
  {
    name: "TLSRouteInvalidNoMatchingListener",
    manifest: gatewayYaml(HTTP) + WEB + route("TLSRoute", "{ name: gw }", "hostnames: [a.org]"),
    route: ["NotAllowedByListeners +"],
    attached: [0],
  },
  {
    name: "TLSRouteInvalidNoMatchingListenerHostname",
    manifest: gatewayYaml(TLS.replace("tls,", `tls, hostname: "*.example.com",`)) + WEB +
      route("TLSRoute", "{ name: gw }", "hostnames: [example.com]"),
    route: ["NoMatchingListenerHostname +"],
    attached: [0],
  },
  {
    name: "TLSRouteSimpleSameNamespace",
    manifest: gatewayYaml(TLS) + WEB + route("TLSRoute", "{ name: gw }", "hostnames: [a.org]"),
    route: ["+ +"],
    attached: [1],
  },
  {
    name: "TCPRouteInvalidNonTCPListener",
    manifest: gatewayYaml(HTTP) + WEB + route("TCPRoute", "{ name: gw, sectionName: http }"),
    route: ["NotAllowedByListeners +"],
    attached: [0],
  },
  {
    name: "UDPRouteNotAllowedByListeners",
    manifest: gatewayYaml(TLS) +
      objectYaml("Service", "web", "{ ports: [{ port: 80, protocol: UDP }] }") +
      route("UDPRoute", "{ name: gw, sectionName: tls }"),
    route: ["NotAllowedByListeners +"],
    attached: [0],
  },
  {
    name: "ListenerSetDualParentRefIndependence",
    manifest: gatewayYaml(HTTP, OPEN) + set("{ name: own, port: 81, protocol: HTTP }") + WEB +
      route("HTTPRoute", `{ name: gw, sectionName: own }, ${SET}`),
    route: ["NoMatchingParent +", "+ +"],
    attached: [0, 1],
  },
  {
    name: "ListenerSetGatewayParentSectionNameNotFound",
    manifest: gatewayYaml(HTTP, OPEN) + set("{ name: own, port: 81, protocol: HTTP }") + WEB +
      route("HTTPRoute", "{ name: gw, sectionName: own }"),
    route: ["NoMatchingParent +"],
    attached: [0, 0],
  },
  {
    name: "ListenerSetRouteStatusScopedToParentRef",
    manifest: gatewayYaml(HTTP, OPEN) + set("{ name: own, port: 81, protocol: HTTP }") + WEB +
      route("HTTPRoute", SET),
    route: ["+ +"],
    attached: [0, 1],
  },
  {
    name: "ListenerSetAllowedRoutesNamespaces",
    manifest: gatewayYaml(HTTP, "allowedListeners: { namespaces: { from: All } }") + SHOP_WEB +
      away(
        "ListenerSet",
        "set",
        "shop",
        `{ parentRef: { name: gw, namespace: infra }, listeners: [
          { name: all, port: 81, protocol: HTTP, allowedRoutes: { namespaces: { from: All } } },
          { name: same, port: 82, protocol: HTTP } ] }`,
      ) +
      away("HTTPRoute", "r", "shop", `{ parentRefs: [${SET}], rules: ${BACKEND} }`) +
      objectYaml(
        "HTTPRoute",
        "other",
        "{ parentRefs: [{ kind: ListenerSet, name: set, namespace: shop }] }",
      ),
    route: ["+ +"],
    attached: [0, 2, 1],
  },
];

Deno.test.each(cases)("planGateway() as $name wants it", ({ manifest, route, attached }) => {
  const plan = planOf(manifest);
  const parents = routeConditions(plan, "r").map((conditions) =>
    conditions.map((text) => text.split(" ")).map(([, status, reason]) =>
      status === "True" ? "+" : reason
    ).join(" ")
  );
  if (route !== undefined) assert.deepEqual(parents, route);
  const { gateway, listenerSets } = servedAll(plan);
  const listeners = [gateway, ...listenerSets.map(({ status }) => status)]
    .flatMap((status) => status.listeners ?? []);
  if (attached !== undefined) {
    assert.deepEqual(listeners.map(({ attachedRoutes }) => attachedRoutes), attached);
  }
});

Deno.test("planGateway() tells the kinds of each protocol (TLSRouteListener…SupportedKinds)", () => {
  const kinds = servedAll(planOf(gatewayYaml(
    `${HTTP}, ${TLS}, ` +
      "{ name: end, port: 444, protocol: TLS, tls: { mode: Terminate } }",
  ))).gateway.listeners
    ?.map(({ supportedKinds }) => (supportedKinds ?? []).map(({ kind }) => kind).join(" "));
  assert.deepEqual(kinds, ["HTTPRoute GRPCRoute", "TLSRoute", "TLSRoute"]);
});
