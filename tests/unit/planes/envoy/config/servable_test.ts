import assert from "assert";
import { configProblems, servable } from "../../../../../lib/planes/envoy/config/servable.ts";
import {
  backendWith,
  chainOf,
  httpPort,
  matchOf,
  rawChain,
  routeSpecWith,
  ruleWith,
  tcpPort,
} from "../../../../fakes/route_parts.ts";

const badMatch = ruleWith({ name: "bad", match: matchOf({ method: "G T" }) });
const badAction = ruleWith({ name: "bad", action: { kind: "respond", status: 99 } });

Deno.test("servable() leaves a good spec alone", () => {
  const spec = routeSpecWith();
  assert.deepEqual(servable(spec), { spec, problems: [] });
});

Deno.test("servable() leaves out rules that match badly, and answers 500 for others", () => {
  const spec = routeSpecWith({ ports: [httpPort([badMatch, badAction, ruleWith()])] });
  const { spec: found, problems } = servable(spec);
  const text = JSON.stringify(found.ports);
  assert.doesNotMatch(text, /G T/);
  assert.match(text, /"name":"bad".*"status":500.*"name":"HTTPRoute shop\/cart rule 1"/);
  assert.deepEqual(problems.map(({ port, rule }) => [port, rule]), [[80, "bad"], [80, "bad"]]);
});

Deno.test("servable() keeps the first of domains that are there twice", () => {
  const hosts = [
    { domains: ["A.example", "a..b"], rules: [] },
    { domains: ["a.example", "b.example"], rules: [] },
  ];
  const { spec, problems } = servable(routeSpecWith({ ports: [tcpPort([chainOf(hosts)])] }));
  assert.match(JSON.stringify(spec), /\[\{"domains":\["a.example"\].*\{"domains":\["b.example"\]/);
  assert.equal(problems.length, 2);
});

Deno.test("servable() opens no port whose source ranges are bad", () => {
  const ports = [httpPort([ruleWith()], { sourceRanges: ["10.0.0.0"] })];
  const { spec, problems } = servable(routeSpecWith({ ports }));
  assert.deepEqual(spec.ports, []);
  assert.match(problems[0]?.message ?? "", /is not a CIDR/);
});

Deno.test("servable() keeps the first of ports that meet on an address", () => {
  const addresses = ["172.18.255.1", "172.18.255.2"];
  const ports = [
    tcpPort([rawChain([])], { addresses: ["172.18.255.1"] }),
    tcpPort([rawChain([])]),
    tcpPort([rawChain([])], { addresses: ["172.18.255.2"] }),
  ];
  const { spec, problems } = servable(routeSpecWith({ addresses, ports }));
  assert.equal(spec.ports.length, 2);
  assert.equal(problems.length, 2);
});

Deno.test("servable() has no port without a chain", () => {
  const tls = { certificates: ["unknown"], alpn: [] };
  const { spec } = servable(routeSpecWith({ ports: [tcpPort([rawChain([], { tls })])] }));
  assert.deepEqual(spec.ports, []);
});

Deno.test("servable() never makes plain text of TLS", () => {
  const tls = { hostname: "b.example", names: [], authority: "unknown" };
  const { spec } = servable(routeSpecWith({ backends: [backendWith({ tls })] }));
  assert.deepEqual(spec.backends, []);
});

Deno.test("configProblems() tells what is wrong with each port", () => {
  const spec = routeSpecWith({
    ports: [httpPort([badMatch]), httpPort([badAction], { port: 81 })],
  });
  assert.deepEqual(configProblems(spec).map(({ port }) => port), [80, 81]);
});
