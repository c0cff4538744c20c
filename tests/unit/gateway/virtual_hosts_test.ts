import assert from "assert";
import type { RouteSpec } from "../../../lib/proxy/types.ts";
import { gatewayYaml, objectYaml, planOf } from "../../fakes/gateway_plans.ts";
import { answer } from "../../fakes/route_model.ts";

const WEB = objectYaml("Service", "web", "{ ports: [{ port: 80 }] }");

/** A route on one listener that takes the paths below its own name. */
function route(name: string, section: string, hostnames = "[]"): string {
  return objectYaml(
    "HTTPRoute",
    name,
    `{ parentRefs: [{ name: gw, sectionName: ${section} }], hostnames: ${hostnames},
       rules: [{ matches: [{ path: { value: /${section} } }],
                 backendRefs: [{ name: web, port: 80 }] }] }`,
  );
}

function specOf(manifest: string): RouteSpec {
  return planOf(manifest + WEB).spec ?? assert.fail("the Gateway is not accepted");
}

const FOUR = gatewayYaml(`
  { name: any, port: 80, protocol: HTTP },
  { name: wide, port: 80, protocol: HTTP, hostname: "*.example.com" },
  { name: narrow, port: 80, protocol: HTTP, hostname: "*.foo.example.com" },
  { name: one, port: 80, protocol: HTTP, hostname: abc.foo.example.com }
`);
const SECTIONS = ["any", "wide", "narrow", "one"];
const OWNERS = [
  { host: "bar.com", owner: "any" },
  { host: "bar.example.com", owner: "wide" },
  { host: "bar.foo.example.com", owner: "narrow" },
  { host: "abc.foo.example.com", owner: "one" },
];

/** GatewayHTTPListenerIsolation, both halves. */
for (
  const hostnames of ["[]", `[bar.com, "*.example.com", "*.foo.example.com", abc.foo.example.com]`]
) {
  const spec = specOf(FOUR + SECTIONS.map((one) => route(one, one, hostnames)).join(""));
  Deno.test.each(OWNERS)(`virtualHosts() serves $host on $owner alone, routes ${hostnames}`, (
    { host, owner },
  ) => {
    const answers = SECTIONS.map((one) => answer(spec, { port: 80, host, path: `/${one}` }));
    assert.deepEqual(
      answers,
      SECTIONS.map((one) => one === owner ? `HTTPRoute infra/${one} rule 0` : "404"),
    );
  });
}

Deno.test("virtualHosts() gives a listener's hosts to nobody else, route or no route", () => {
  const spec = specOf(FOUR + route("any", "any"));
  assert.equal(answer(spec, { port: 80, host: "x.example.com", path: "/any" }), "404");
  assert.equal(
    answer(spec, { port: 80, host: "x.org", path: "/any" }),
    "HTTPRoute infra/any rule 0",
  );
});

Deno.test("virtualHosts() lets hosts with the same routes share their rules", () => {
  const spec = specOf(FOUR + route("any", "any", "[a.org, b.org, c.org]"));
  const [port] = spec.ports;
  const serve = port?.protocol === "TCP" ? port.chains[0]?.serve : undefined;
  const hosts = serve?.kind === "http" ? serve.hosts : [];
  assert.deepEqual(hosts.find(({ rules }) => rules.length > 0)?.domains, [
    "a.org",
    "b.org",
    "c.org",
  ]);
});

const CERT = `---
kind: Secret
metadata: { name: cert }
data: { tls.crt: "@server.pem", tls.key: "@server.key" }
`;
const https = (name: string, host = "") =>
  `{ name: ${name}, port: 443, protocol: HTTPS, tls: { certificateRefs: [{ name: cert }] }` +
  `${host && `, hostname: "${host}"`} }`;

/** HTTPRouteHTTPSListenerDetectMisdirectedRequests. */
const MISDIRECTED = specOf(
  gatewayYaml([
    https("one"),
    https("two", "second-example.org"),
    https("three", "*.wildcard.org"),
    https("four", "fourth-example.wildcard.org"),
  ].join(", ")) + CERT +
    ["one", "two", "three", "four"].map((name) =>
      objectYaml(
        "HTTPRoute",
        name,
        `{ parentRefs: [{ name: gw, sectionName: ${name} }],
        hostnames: ${name === "one" ? "[example.org]" : "[]"},
        rules: [{ backendRefs: [{ name: web, port: 80 }] }] }`,
      )
    ).join(""),
);

Deno.test.each([
  { sni: "example.org", host: "example.org", want: "one" },
  { sni: "example.org", host: "second-example.org", want: "421" },
  { sni: "example.org", host: "unknown-example.org", want: "404" },
  { sni: "second-example.org", host: "second-example.org", want: "two" },
  { sni: "second-example.org", host: "example.org", want: "421" },
  { sni: "second-example.org", host: "unknown-example.org", want: "421" },
  { sni: "third.wildcard.org", host: "third.wildcard.org", want: "three" },
  { sni: "third.wildcard.org", host: "fifth.wildcard.org", want: "three" },
  { sni: "third.wildcard.org", host: "fourth-example.wildcard.org", want: "421" },
  { sni: "third.wildcard.org", host: "second-example.org", want: "421" },
  { sni: "third.wildcard.org", host: "unknown-example.org", want: "421" },
  { sni: "fourth-example.wildcard.org", host: "fourth-example.wildcard.org", want: "four" },
  { sni: "fourth-example.wildcard.org", host: "fifth.wildcard.org", want: "421" },
  { sni: "unknown-example.org", host: "example.org", want: "one" },
  { sni: "unknown-example.org", host: "unknown-example.org", want: "404" },
])("misdirectedHosts() with server name $sni and host $host", ({ sni, host, want }) => {
  const text = /\d/.test(want) ? want : `HTTPRoute infra/${want} rule 0`;
  assert.equal(answer(MISDIRECTED, { port: 443, sni, host }), text);
});

/** Listeners with a route, with none, and with one for a part of its names. */
const ROUTELESS = specOf(
  gatewayYaml([
    https("a", "a.example"),
    https("p", "p.example"),
    https("w", "*.w.example"),
  ].join(", ")) + CERT + route("a", "a") + route("w", "w", "[one.w.example]"),
);

Deno.test.each([
  { sni: "p.example", host: "p.example", want: "404" },
  { sni: "p.example", host: "a.example", want: "421" },
  { sni: "p.example", host: "x.org", want: "421" },
  { sni: "two.w.example", host: "two.w.example", want: "404" },
  { sni: "two.w.example", host: "w.example", want: "421" },
  { sni: "one.w.example", host: "one.w.example", want: "404" },
])("virtualHosts() keeps hosts that no route takes, $sni for $host: $want", (
  { sni, host, want },
) => assert.equal(answer(ROUTELESS, { port: 443, sni, host, path: "/none" }), want));
