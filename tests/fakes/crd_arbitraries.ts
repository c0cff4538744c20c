import fc from "fast-check";
import { crdBundle } from "../../lib/gateway/crds/bundle.ts";
import type { GatewayInput } from "../../lib/gateway/plan_types.ts";
import type {
  BackendTLSPolicy,
  ConfigMap,
  Gateway,
  GatewayListener,
  ListenerSet,
  ReferenceGrant,
  Route,
  RouteKind,
  Secret,
} from "../../lib/gateway/types.ts";
import type { EndpointSlice, Service, ServicePort } from "../../lib/kube/types.ts";
import { REGEXES } from "../contract/envoy/regexes.ts";
import { NOW } from "./gateway_input.ts";
import { oddTexts, type Overrides, schemaArbitrary, type ValueSchema } from "./schema_arbitrary.ts";

/** What Secrets and ConfigMaps hold, by their names. */
export interface Stores {
  readonly secrets: ReadonlyMap<string, { certificate: string; privateKey: string }>;
  /** Where every listener binds. */
  readonly addresses: readonly string[];
}

const pick = <T>(...values: readonly T[]) => fc.constantFrom(...values);

const SERVICES = ["web", "h2", "bound", "late", "gone"] as const;
const PORTS = [80, 443, 8080, 53, 65_535] as const;
const HOSTS = [
  `${"x".repeat(64)}.example.com`,
  ...["a.example.com", "b.example.com", "*.example.com", "*.com", "*.b.example.com", "com", "0"],
  ...[`${"a".repeat(63)}.example.com`, `*.${"a.".repeat(120)}com`, "xn--bcher-kva.example", "a--b"],
];
const KINDS: readonly RouteKind[] = ["HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute"];

/** Mostly the first, so that most rules are served; now and then the second. */
const mostly = <T>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 12, arbitrary: usual }, { weight: 1, arbitrary: odd });

const plainPath = fc.oneof(
  fc.stringMatching(/^\/([-A-Za-z0-9._~!$&'()*+,;=:@/]|%[0-9a-fA-F]{2}){0,12}$/),
  pick("/", "/a", "/a/", "/a/b"),
);
const path = mostly(plainPath, fc.oneof(pick(...REGEXES), oddTexts(1024)));

const parent = mostly<{ readonly name: string; readonly kind?: string }>(
  pick({ name: "gw" }),
  fc.record({
    name: pick("gw", "set", "other"),
    sectionName: pick("l0", "l1", "l2"),
    port: pick(...PORTS),
  }, { requiredKeys: ["name"] }).map((ref) =>
    ref.name === "set" ? { ...ref, kind: "ListenerSet" } : ref
  ),
);

const duration = mostly(
  pick("0s", "1s", "10ms", "1h30m"),
  fc.stringMatching(/^([0-9]{1,5}(h|m|s|ms)){1,4}$/),
);

const oddOrRegex = fc.oneof(
  fc.stringMatching(/^[A-Za-z_][A-Za-z_0-9.]{0,10}$/),
  fc.stringMatching(/^[A-Za-z0-9 -]{1,10}$/),
  mostly(pick("a.*", "[a-z]+", "x"), pick(...REGEXES.filter((text) => text !== ""))),
  mostly(pick("x"), oddTexts(1024, 1)),
);

const target = fc.record({
  group: pick(""),
  kind: pick("Service"),
  name: pick(...SERVICES),
  sectionName: pick("http", "tls"),
}, { requiredKeys: ["group", "kind", "name"] });

const absent = fc.constant(undefined);

/** Places of which a schema alone would make references that never hold. */
function overrides({ secrets }: Stores): Overrides {
  const name = pick(...secrets.keys(), "gone");
  const authority = fc.record({
    group: pick(""),
    kind: pick("ConfigMap", "ConfigMap", "ConfigMap", "Secret"),
    name,
  });
  return [
    [/\.parentRefs$/, fc.array(parent, { minLength: 1, maxLength: 2 })],
    [/\.(group|namespace)$/, absent],
    [/\.(backendRefs\[\]|backendRef)\.kind$/, absent],
    [/\.(backendRefs\[\]|backendRef)\.name$/, pick(...SERVICES)],
    [/\.(backendRefs\[\]|backendRef)\.port$/, pick(80, 80, 81, 53)],
    [/\.(certificateRefs\[\]|clientCertificateRef)$/, fc.record({ name })],
    [/\.caCertificateRefs\[\]$/, authority],
    [/\.(listeners|perPort)\[\]\.port$/, pick(...PORTS)],
    [/\.protocol$/, pick("HTTP", "HTTPS", "HTTPS", "TLS", "TCP", "UDP", "constructor", "a.b/c")],
    [/\.allowedRoutes$/, pick(undefined, { namespaces: { from: "All" } })],
    [/\.listeners\[\]\.hostname$/, pick(undefined, undefined, ...HOSTS)],
    [/^spec\.hostnames\[\]$/, pick(...HOSTS)],
    [/\.path\.value$/, path],
    [/\.(replaceFullPath|replacePrefixMatch)$/, path],
    [/\.(request|backendRequest|backoff|absoluteTimeout)$/, duration],
    [/\.sessionName$/, mostly(pick("a", "x-session"), oddTexts(128))],
    [/\.(externalAuth|extensionRef)$/, absent],
    [/\.filters\[\]\.type$/, pick(...Object.keys(FIELDS), "RequestMirror")],
    [/^spec\.(useDefaultGateways|defaultScope|infrastructure|addresses|allowedListeners)$/, absent],
    [/\.targetRefs\[\]$/, target],
    [/\.wellKnownCACertificates$/, pick("System")],
    [/\.method\.(service|method)$/, oddOrRegex],
    [/\.(headers|queryParams)\[\]\.value$/, oddOrRegex],
    [/\.remove\[\]$/, mostly(pick("x-a", "content-length", "te"), oddTexts(300))],
  ];
}

/** The schemas of the specs, as the API server has them. */
const SCHEMAS = await specSchemas();

async function specSchemas(): Promise<ReadonlyMap<string, ValueSchema>> {
  interface Definition {
    readonly spec: {
      readonly names: { readonly kind: string };
      readonly versions: readonly {
        readonly storage: boolean;
        readonly schema: { readonly openAPIV3Schema: ValueSchema };
      }[];
    };
  }
  const bundle = await crdBundle("experimental") as unknown as readonly Definition[];
  return new Map(bundle.map(({ spec }) => {
    const stored = spec.versions.find(({ storage }) => storage);
    return [spec.names.kind, stored?.schema.openAPIV3Schema.properties?.["spec"] ?? {}];
  }));
}

/** Specs of a kind, as far as its schema tells. */
function specs<T>(kind: string, stores: Stores): fc.Arbitrary<T> {
  const schema = SCHEMAS.get(kind);
  if (schema === undefined) throw new Error(`no definition of ${kind}: correct the name`);
  return schemaArbitrary(schema, overrides(stores)).map((spec) => tidied(spec) as T);
}

/** What rules between fields ask for: a filter has the field of its type, and no other. */
function tidied(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(tidied);
  if (typeof value !== "object" || value === null) return value;
  const members: Record<string, unknown> = Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, tidied(member)]),
  );
  const { type } = members;
  const field = typeof type === "string" ? FIELDS[type] : undefined;
  if (field === undefined || !FILTERS.some((name) => name in members)) return members;
  return { type, [field]: members[field] ?? {} };
}

const FIELDS: Readonly<Record<string, string>> = {
  RequestHeaderModifier: "requestHeaderModifier",
  ResponseHeaderModifier: "responseHeaderModifier",
  RequestRedirect: "requestRedirect",
  URLRewrite: "urlRewrite",
  CORS: "cors",
};
const FILTERS = Object.values(FIELDS);

/** Gateways with sets, routes, policies and Secrets of every kind, as the API server takes them. */
export function anyCrdInput(stores: Stores): fc.Arbitrary<GatewayInput> {
  const route = fc.constantFrom(...KINDS, "HTTPRoute" as const, "HTTPRoute" as const)
    .chain((kind) => specs<object>(kind, stores).map((spec) => ({ kind, spec })));
  return fc.record({
    gateway: specs<Gateway["spec"]>("Gateway", stores),
    set: specs<ListenerSet["spec"]>("ListenerSet", stores),
    routes: fc.array(route, { maxLength: 5 }),
    policies: fc.array(specs<BackendTLSPolicy["spec"]>("BackendTLSPolicy", stores), {
      maxLength: 2,
    }),
  }).map(({ gateway, set, routes, policies }) => ({
    ...cluster(stores),
    gateway: {
      metadata: meta("gw"),
      spec: {
        ...gateway,
        listeners: [OPEN, ...numbered(gateway.listeners)],
        allowedListeners: { namespaces: { from: "All" } },
      },
    },
    listenerSets: [{
      metadata: meta("set"),
      spec: { parentRef: { name: "gw" }, listeners: numbered(set.listeners) },
    }],
    routes: routes.map(({ kind, spec }, at) =>
      ({ kind, metadata: meta(`r${at}`), spec }) as unknown as Route
    ),
    policies: policies.map((spec, at) => ({ metadata: meta(`p${at}`), spec })),
  }));
}

/** Most routes find a listener that takes them. */
const OPEN: GatewayListener = { name: "open", port: 8080, protocol: "HTTP" };

/** Names of listeners are theirs alone. */
function numbered(listeners: readonly GatewayListener[] = []): readonly GatewayListener[] {
  return listeners.map((one, at) => ({ ...one, name: `l${at}` }));
}

function meta(name: string) {
  const creationTimestamp = "2026-01-01T00:00:00Z";
  return { name, namespace: "infra", uid: name, resourceVersion: "1", creationTimestamp };
}

const NO_GRANTS: readonly ReferenceGrant[] = [];

function cluster({ secrets, addresses }: Stores) {
  return {
    cluster: "kind",
    controllerName: "berth.dev/gateway",
    namespaces: { infra: {} },
    services: backendServices(),
    slices: backendSlices(),
    secrets: [...secrets].map(([name, pair]): Secret => ({
      metadata: meta(name),
      type: "kubernetes.io/tls",
      data: { "tls.crt": base64(pair.certificate), "tls.key": base64(pair.privateKey) },
    })),
    configMaps: [...secrets].map(([name, pair]): ConfigMap => ({
      metadata: meta(name),
      data: { "ca.crt": pair.certificate },
    })),
    grants: NO_GRANTS,
    addresses,
    unusable: {},
    now: NOW,
  };
}

function base64(text: string): string {
  return new TextEncoder().encode(text).toBase64();
}

/** Services of several ways to be spoken to, in namespace `infra`. */
export function backendServices(): readonly Service[] {
  const ports: readonly ServicePort[] = [
    { name: "http", port: 80 },
    { name: "tls", port: 81 },
    { name: "dns", port: 53, protocol: "UDP" },
  ];
  const h2 = ports.map((port) => ({ ...port, appProtocol: "kubernetes.io/h2c" }));
  return [
    { metadata: meta("web"), spec: { ports } },
    { metadata: meta("h2"), spec: { ports: h2 } },
    { metadata: meta("bound"), spec: { ports, sessionAffinity: "ClientIP" } },
    { metadata: meta("late"), spec: { ports } },
  ];
}

/** Their endpoints; `late` has none. */
export function backendSlices(): readonly EndpointSlice[] {
  const ports = [
    { name: "http", port: 8080, protocol: "TCP" },
    { name: "tls", port: 8443, protocol: "TCP" },
    { name: "dns", port: 5353, protocol: "UDP" },
  ];
  return ["web", "h2", "bound"].map((name, at) => ({
    metadata: { ...meta(`${name}-1`), labels: { "kubernetes.io/service-name": name } },
    addressType: at === 1 ? "IPv6" : "IPv4",
    ports,
    endpoints: [{ addresses: [at === 1 ? "::1" : `127.0.1.${at}`] }],
  }));
}
