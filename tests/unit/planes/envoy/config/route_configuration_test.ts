import assert from "assert";
import { routeConfiguration } from "../../../../../lib/planes/envoy/config/route_configuration.ts";
import { ruleWith } from "../../../../fakes/route_parts.ts";

Deno.test("routeConfiguration() has a virtual host for each set of domains", () => {
  const hosts = [
    { domains: ["a.example", "*.b.example"], rules: [ruleWith(), ruleWith()] },
    { domains: [], rules: [ruleWith()] },
    { domains: ["*"], rules: [] },
  ];
  const options = { name: "80-web", hashed: new Set<string>() };
  const found = JSON.parse(JSON.stringify(routeConfiguration({ kind: "http", hosts }, options)));
  const shape = found.virtual_hosts.map((host: { domains: string[]; routes: unknown[] }) => [
    host.domains,
    host.routes.length,
  ]);
  assert.deepEqual(shape, [[["a.example", "*.b.example"], 2], [["*"], 0]]);
  assert.equal(found.ignore_port_in_host_matching, true);
});

Deno.test("routeConfiguration() tells each domain to redirects that must know it", () => {
  const action = { kind: "redirect", status: 301, scheme: "https" } as const;
  const hosts = [{ domains: ["a.example", "*.b.example"], rules: [ruleWith({ action })] }];
  const options = { name: "80-web", hashed: new Set<string>() };
  const found = JSON.parse(JSON.stringify(routeConfiguration({ kind: "http", hosts }, options)));
  const shape = found.virtual_hosts.map(
    (host: { domains: string[]; routes: { redirect: { host_redirect?: string } }[] }) => [
      host.domains,
      host.routes[0]?.redirect.host_redirect,
    ],
  );
  assert.deepEqual(shape, [[["a.example"], "a.example"], [["*.b.example"], undefined]]);
});
