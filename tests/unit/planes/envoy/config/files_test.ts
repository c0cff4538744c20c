import assert from "assert";
import { envoyFiles } from "../../../../../lib/planes/envoy/config/files.ts";
import { configProblems } from "../../../../../lib/planes/envoy/config/servable.ts";
import {
  backendWith,
  chainOf,
  httpPort,
  matchOf,
  routeSpecWith,
  ruleWith,
  shareOf,
  tcpPort,
  udpPort,
} from "../../../../fakes/route_parts.ts";
import type { RouteSpec } from "../../../../../lib/proxy/types.ts";

const badMatch = matchOf({ method: "G T" });
const options = { directory: "/config" };
const certificates = [{ name: "shop/tls", certificate: "C", privateKey: "K" }];
const authorities = [{ name: "shop/ca", certificates: "A" }];
const before = routeSpecWith({
  ports: [httpPort([ruleWith()]), udpPort([shareOf("cart")])],
  certificates,
  authorities,
});

Deno.test("envoyFiles() come in the order of writing", () => {
  assert.deepEqual(envoyFiles(before, options).map(({ kind }) => kind), [
    ...["sds", "sds", "eds", "eds", "cds"],
    ...["rds", "lds"],
  ]);
});

Deno.test("envoyFiles() are equal for equal specs, and carry their version", () => {
  const files = envoyFiles(before, options);
  assert.deepEqual(envoyFiles(structuredClone(before), options), files);
  for (const { content, version } of files) {
    assert.equal(JSON.parse(content).version_info, version);
  }
});

Deno.test("envoyFiles() mark the files that hold keys, whose version tells nothing of them", () => {
  const other = [{ name: "shop/tls", certificate: "C", privateKey: "other" }];
  const [first] = envoyFiles(before, options);
  const [second] = envoyFiles({ ...before, certificates: other }, options);
  assert.equal(first?.version, second?.version);
  assert.notEqual(first?.content, second?.content);
  const secret = envoyFiles(before, options).filter((file) => file.secret);
  assert.deepEqual(secret.map(({ name }) => name), [first?.name]);
});

const endpoints = [{ address: "10.244.1.9", port: 80 }];
const rules = [ruleWith({ match: matchOf({ method: "GET" }) })];
const changes: readonly { what: string; part: Partial<RouteSpec>; kinds: string[] }[] = [
  { what: "endpoint", part: { backends: [backendWith({ endpoints })] }, kinds: ["eds", "eds"] },
  { what: "route", part: { ports: [httpPort(rules), ...before.ports.slice(1)] }, kinds: ["rds"] },
  {
    what: "certificate",
    part: { certificates: [{ name: "shop/tls", certificate: "D", privateKey: "L" }] },
    kinds: ["sds"],
  },
  { what: "address", part: { addresses: ["172.18.255.2"] }, kinds: ["lds"] },
];

for (const { what, part, kinds } of changes) {
  Deno.test(`envoyFiles() rewrite ${kinds.join(" and ")} when the ${what} changes`, () => {
    const old = new Set(envoyFiles(before, options).map(({ content }) => content));
    const changed = envoyFiles({ ...before, ...part }, options);
    assert.deepEqual(
      changed.filter(({ content }) => !old.has(content)).map(({ kind }) => kind),
      kinds,
    );
  });
}

Deno.test("envoyFiles() hold rules once that chains share", () => {
  const hosts = [{ domains: ["*"], rules: [ruleWith(), ruleWith({ match: badMatch })] }];
  const serve = { kind: "http", hosts, shared: "ingress" } as const;
  const chains = ["a.example", "b.example", "c.example"].map((name) =>
    chainOf([], { name, serverNames: [name], serve })
  );
  const spec = routeSpecWith({ ports: [tcpPort(chains)] });
  const files = envoyFiles(spec, options);
  const rules = files.filter(({ kind }) => kind === "rds");
  assert.deepEqual(rules.map(({ ports }) => ports), [[80]]);
  const [listeners = ""] = files.filter(({ kind }) => kind === "lds").map(({ content }) => content);
  assert.equal(listeners.split(rules[0]?.name ?? "none").length, 1 + chains.length);
  const { resources: [{ filter_chains: made }] } = JSON.parse(listeners);
  assert.equal(new Set(made.map(({ name }: { name: string }) => name)).size, chains.length);
  assert.equal(configProblems(spec).length, 1);
});

Deno.test("envoyFiles() bind elsewhere where ports are published", () => {
  const bind = { "172.18.255.1": "0.0.0.0", "172.18.255.2": "0.0.0.0" };
  const spec = routeSpecWith({ addresses: ["172.18.255.1", "172.18.255.2"] });
  const listeners = envoyFiles(spec, { ...options, bind }).find(({ kind }) => kind === "lds");
  assert.deepEqual(
    JSON.parse(listeners?.content ?? "").resources.map((one: { name: string }) => one.name),
    ["tcp-80-0.0.0.0"],
  );
});

Deno.test("envoyFiles() of a spec without ports are the two that a bootstrap names", () => {
  const files = envoyFiles(routeSpecWith({ ports: [] }), options);
  assert.deepEqual(files.map(({ name }) => name), ["cds.json", "lds.json"]);
});
