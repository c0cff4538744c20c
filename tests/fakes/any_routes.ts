import fc from "fast-check";
import type {
  Action,
  Backend,
  Chain,
  HeaderEdit,
  Match,
  RoutePort,
  RouteSpec,
  Rule,
  Share,
  VirtualHost,
} from "../../lib/proxy/types.ts";
import { goldenRoutes } from "./golden_routes.ts";

const NAMES = ["shop/a", "shop/b:8080", "shop/c", "shop/gone"] as const;

/** Texts as an API server without further checks would let them through. */
const wild = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 20 }),
  fc.string({ unit: fc.constantFrom(..."()[]{}?*+|\\^-:,.09aQEpdx/%$#&= \t\n\0"), maxLength: 20 }),
);
const host = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.constantFrom("a.example", "b.example", "*.example", "*", "A.example"),
  },
  { weight: 1, arbitrary: wild },
);
const path = fc.oneof(
  { weight: 4, arbitrary: fc.webPath() },
  { weight: 2, arbitrary: wild.map((text) => `/${text}`) },
  { weight: 1, arbitrary: wild },
);
const headerName = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom("x-a", "Host", "X_B", "content-type", ":path") },
  { weight: 1, arbitrary: wild },
);
const optional = { requiredKeys: [] };

/** Members that are absent stay away. */
function maybe<T>(part: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(part, { nil: undefined });
}

const header = fc.record({ name: headerName, value: wild });
const edit: fc.Arbitrary<HeaderEdit> = fc.record({
  set: fc.array(header, { maxLength: 2 }),
  add: fc.array(header, { maxLength: 2 }),
  remove: fc.array(headerName, { maxLength: 2 }),
});
const pathEdit = fc.record({ kind: fc.constantFrom("full", "prefix"), value: path });
const rewrite = fc.record({ hostname: host, path: pathEdit }, optional);
const target = fc.oneof(
  fc.record({ backend: fc.constantFrom(...NAMES) }),
  fc.record({ status: fc.constant(500 as const) }),
);
const share: fc.Arbitrary<Share> = fc.record(
  { weight: fc.nat(3), to: target, requestHeaders: edit, responseHeaders: edit, rewrite },
  { requiredKeys: ["weight", "to"] },
);
const split = fc.array(share, { maxLength: 3 });
const times = fc.constantFrom(0, 1, 500, 3_600_000);

const forward: fc.Arbitrary<Action> = fc.record({
  kind: fc.constant("forward" as const),
  split,
  mirrors: fc.array(
    fc.record({
      backend: fc.constantFrom(...NAMES),
      numerator: fc.nat(5),
      denominator: fc.integer({ min: 1, max: 5 }),
    }),
    { maxLength: 2 },
  ),
  requestHeaders: edit,
  rewrite,
  timeoutMs: times,
  backendTimeoutMs: times,
  retry: fc.record({
    attempts: fc.nat(5),
    codes: fc.array(fc.integer({ min: 400, max: 599 }), { maxLength: 3 }),
    backoffMs: times,
  }),
  persistence: fc.record(
    { kind: fc.constantFrom("cookie", "header"), name: headerName, path, ttlSeconds: times },
    { requiredKeys: ["kind", "name"] },
  ),
}, { requiredKeys: ["kind", "split", "mirrors"] });

const redirect: fc.Arbitrary<Action> = fc.record({
  kind: fc.constant("redirect" as const),
  status: fc.constantFrom(301, 302, 303, 307, 308),
  scheme: fc.constantFrom("http", "https"),
  hostname: host,
  port: fc.integer({ min: 1, max: 65_535 }),
  path: pathEdit,
}, { requiredKeys: ["kind", "status"] });

const respond: fc.Arbitrary<Action> = fc.record({
  kind: fc.constant("respond" as const),
  status: fc.constantFrom(200, 404, 421, 503),
});

const value = fc.record({
  name: headerName,
  kind: fc.constantFrom("exact" as const, "regex" as const),
  value: wild,
});
const match: fc.Arbitrary<Match> = fc.record({
  path: fc.record({ kind: fc.constantFrom("exact", "prefix", "regex"), value: path }),
  headers: fc.array(value, { maxLength: 2 }),
  query: fc.array(value, { maxLength: 2 }),
  method: fc.constantFrom("GET", "PUT"),
  oneLabelOf: host,
}, { requiredKeys: ["path", "headers", "query"] });

const rule: fc.Arbitrary<Rule> = fc.record({
  name: wild,
  match,
  action: fc.oneof({ weight: 5, arbitrary: forward }, redirect, respond),
  responseHeaders: edit,
  cors: fc.record({
    origins: fc.array(fc.oneof(fc.constantFrom("*", "https://*.a.example"), wild), {
      maxLength: 2,
    }),
    methods: fc.array(fc.constantFrom("GET", "*"), { maxLength: 2 }),
    headers: fc.array(headerName, { maxLength: 2 }),
    exposeHeaders: fc.array(headerName, { maxLength: 2 }),
    credentials: fc.boolean(),
    maxAgeSeconds: fc.nat(100),
  }),
}, { requiredKeys: ["name", "match", "action"] });

const hosts: fc.Arbitrary<readonly VirtualHost[]> = fc.array(
  fc.record({
    domains: fc.array(host, { maxLength: 3 }),
    rules: fc.array(rule, { maxLength: 3 }),
  }),
  { maxLength: 3 },
);
const affinity = fc.constantFrom("none" as const, "client-ip" as const);
const sourceRanges = fc.array(
  fc.constantFrom("10.0.0.0/8", "10.1.2.3/8", "fc00::/7", "0.0.0.0/0", "::/0", "nonsense"),
  { maxLength: 2 },
);

const chain: fc.Arbitrary<Chain> = fc.record({
  name: fc.constantFrom("web", "shop", "raw"),
  serverNames: fc.array(host, { maxLength: 2 }),
  peek: fc.boolean(),
  tls: fc.record({
    certificates: fc.array(fc.constantFrom("shop/tls", "shop/gone"), { maxLength: 2 }),
    alpn: fc.constantFrom([], ["h2", "http/1.1"]),
    client: fc.record({
      authority: fc.constantFrom("shop/ca", "shop/gone"),
      mode: fc.constantFrom("require", "insecure-fallback"),
    }),
  }, { requiredKeys: ["certificates", "alpn"] }),
  serve: fc.oneof(
    fc.record({ kind: fc.constant("http" as const), hosts }),
    fc.record({ kind: fc.constant("tcp" as const), affinity, split }),
  ),
}, { requiredKeys: ["name", "serverNames", "peek", "serve"] });

const port: fc.Arbitrary<RoutePort> = fc.oneof(
  fc.record({
    protocol: fc.constant("TCP" as const),
    port: fc.integer({ min: 20_000, max: 20_003 }),
    sourceRanges,
    chains: fc.array(chain, { maxLength: 3 }),
  }),
  fc.record({
    protocol: fc.constant("UDP" as const),
    port: fc.integer({ min: 20_000, max: 20_003 }),
    sourceRanges,
    affinity,
    split,
  }),
);

function backend(name: string): fc.Arbitrary<Backend> {
  return fc.record({
    name: fc.constant(name),
    protocol: fc.constantFrom("http1", "h2", "auto", "tcp", "udp"),
    affinity,
    endpoints: fc.array(
      fc.record({
        address: fc.oneof(fc.ipV4(), fc.ipV6(), fc.constant("nonsense")),
        port: fc.integer({ min: 0, max: 65_536 }),
      }),
      { maxLength: 3 },
    ),
    tls: fc.record({
      hostname: fc.constantFrom("b.example", "", "x".repeat(300)),
      names: fc.array(
        fc.record({ kind: fc.constantFrom("dns" as const, "uri" as const), value: wild }),
        { maxLength: 2 },
      ),
      authority: fc.constantFrom("shop/ca", "shop/gone"),
      certificate: maybe(fc.constantFrom("shop/tls", "shop/gone")),
    }).map(({ certificate, ...tls }) => ({
      ...tls,
      ...(certificate === undefined ? {} : { certificate }),
    })),
    proxyProtocol: fc.constantFrom("v1", "v2"),
  }, { requiredKeys: ["name", "protocol", "affinity", "endpoints"] });
}

/** Any routes: what an API server checks holds, and more often than not nothing else. */
export function anyRoutes(): fc.Arbitrary<RouteSpec> {
  const { certificates, authorities } = goldenRoutes().find(({ name }) => name === "tls")?.spec ??
    { certificates: [], authorities: [] };
  return fc.record({
    ports: fc.array(port, { maxLength: 4 }),
    backends: fc.tuple(...NAMES.slice(0, 3).map(backend)),
  }).map((part) => ({
    key: "kind/gateway/shop/gateway",
    addresses: ["172.18.255.1"],
    certificates,
    authorities,
    ...part,
  }));
}
