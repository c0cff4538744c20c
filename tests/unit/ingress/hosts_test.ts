import assert from "assert";
import { BackendIndex } from "../../../lib/ingress/backends.ts";
import { ingressHosts } from "../../../lib/ingress/hosts.ts";
import type { Ingress } from "../../../lib/ingress/types.ts";
import { ingress, service, table, to } from "../../fakes/ingress_objects.ts";

const index = new BackendIndex(["web", "api", "old"].map((name) => service(name)), []);

function path(value: string, backend: string, pathType: "Exact" | "Prefix" = "Prefix") {
  return { path: value, pathType, backend: to(backend) };
}

interface Case {
  readonly name: string;
  readonly ingresses: readonly Ingress[];
  readonly rules: readonly string[];
}

const cases: readonly Case[] = [
  {
    name: "default_backend: it serves every host and path",
    ingresses: [ingress("a", { defaultBackend: to("web") })],
    rules: ["* prefix / → shop/web:80"],
  },
  {
    name: "path_rules: exact comes before prefix, longer before shorter",
    ingresses: [
      ingress("a", {
        rules: [{
          host: "a.example",
          http: {
            paths: [
              path("/", "web"),
              path("/aaa/bbb/", "api"),
              path("/aaa", "old"),
              path("/aaa", "api", "Exact"),
            ],
          },
        }],
      }),
    ],
    rules: [
      "a.example exact /aaa → shop/api:80",
      "a.example prefix /aaa/bbb → shop/api:80",
      "a.example prefix /aaa → shop/old:80",
      "a.example prefix / → shop/web:80",
    ],
  },
  {
    name: "host_rules: a wildcard stands for one label, other hosts get what is for everybody",
    ingresses: [
      ingress("a", { rules: [{ host: "*.foo.com", http: { paths: [path("/", "web")] } }] }),
      ingress("b", { defaultBackend: to("old") }, { age: 1 }),
    ],
    rules: [
      "*.foo.com prefix / (one label) → shop/web:80",
      "*.foo.com prefix / → shop/old:80",
      "* prefix / → shop/old:80",
    ],
  },
  {
    name: "an unmatched path of a known host goes to the default backend",
    ingresses: [
      ingress("a", {
        defaultBackend: to("old"),
        rules: [{ host: "a.example", http: { paths: [path("/x", "web")] } }],
      }),
    ],
    rules: [
      "a.example prefix /x → shop/web:80",
      "a.example prefix / → shop/old:80",
      "* prefix / → shop/old:80",
    ],
  },
  {
    name: "host-less rules come before the default backend, and after the host's own",
    ingresses: [
      ingress("a", {
        defaultBackend: to("old"),
        rules: [
          { host: "a.example", http: { paths: [path("/x", "web")] } },
          { http: { paths: [path("/y", "api")] } },
        ],
      }),
    ],
    rules: [
      "a.example prefix /x → shop/web:80",
      "a.example prefix /y → shop/api:80",
      "a.example prefix / → shop/old:80",
      "* prefix /y → shop/api:80",
      "* prefix / → shop/old:80",
    ],
  },
  {
    name: "a host without paths goes to the default backend",
    ingresses: [ingress("a", { defaultBackend: to("web"), rules: [{ host: "A.example" }] })],
    rules: ["a.example prefix / → shop/web:80", "* prefix / → shop/web:80"],
  },
  {
    name: "rules of one host in two Ingresses are merged",
    ingresses: [
      ingress("a", { rules: [{ host: "a.example", http: { paths: [path("/x", "web")] } }] }),
      ingress("b", { rules: [{ host: "a.example", http: { paths: [path("/y", "api")] } }] }),
    ],
    rules: ["a.example prefix /x → shop/web:80", "a.example prefix /y → shop/api:80"],
  },
];

for (const { name, ingresses, rules } of cases) {
  Deno.test(`ingressHosts() ${name}`, () => {
    const found = ingressHosts(ingresses, index);
    assert.deepEqual(table(found.hosts), rules);
    assert.deepEqual(found.problems, []);
  });
}

Deno.test("ingressHosts() has no rule twice that a host and all fall back to", () => {
  const rules = [
    { host: "a.example", http: { paths: [path("/a", "web")] } },
    { host: "*.b.example", http: { paths: [path("/b", "web")] } },
    { http: { paths: [path("/a", "old"), path("/c", "api")] } },
  ];
  assert.deepEqual(table(ingressHosts([ingress("a", { rules })], index).hosts), [
    "*.b.example prefix /b (one label) → shop/web:80",
    "*.b.example prefix /a (one label) → shop/old:80",
    "*.b.example prefix /c (one label) → shop/api:80",
    "*.b.example prefix /a → shop/old:80",
    "*.b.example prefix /c → shop/api:80",
    "a.example prefix /a → shop/web:80",
    "a.example prefix /c → shop/api:80",
    "* prefix /a → shop/old:80",
    "* prefix /c → shop/api:80",
  ]);
});

Deno.test("ingressHosts() lets the first Ingress keep a path that two ask for", () => {
  const rules = (backend: string) => [{
    host: "a.example",
    http: { paths: [path("/x/", backend)] },
  }];
  const found = ingressHosts([
    ingress("a", { rules: rules("web") }),
    ingress("b", { rules: rules("api") }, { age: 1 }),
  ], index);
  assert.deepEqual(table(found.hosts), ["a.example prefix /x → shop/web:80"]);
  assert.deepEqual(found.problems.map(({ name, reason }) => [name, reason]), [
    ["b", "PathConflict"],
  ]);
  assert.match(found.problems[0]?.message ?? "", /Ingress "shop\/a"/);
});

Deno.test("ingressHosts() serves the rest of an Ingress with a resource backend", () => {
  const resource = { apiGroup: "k8s.example", kind: "StorageBucket", name: "icons" };
  const found = ingressHosts([
    ingress("a", {
      defaultBackend: { resource },
      rules: [{ host: "a.example", http: { paths: [path("/x", "web")] } }],
    }),
  ], index);
  assert.deepEqual(table(found.hosts), [
    "a.example prefix /x → shop/web:80",
    "a.example prefix / → 503",
    "* prefix / → 503",
  ]);
  assert.deepEqual(found.problems.map(({ reason }) => reason), ["UnsupportedBackend"]);
});

Deno.test("ingressHosts() tells of hosts that cannot be, and serves the others", () => {
  const rules = [`${"x".repeat(64)}.example`, "a.example"].map((host) => ({
    host,
    http: { paths: [path("/", "web")] },
  }));
  const { hosts, problems } = ingressHosts([ingress("a", { rules })], index);
  assert.deepEqual(table(hosts), ["a.example prefix / → shop/web:80"]);
  assert.deepEqual(problems.map(({ name, reason }) => [name, reason]), [["a", "InvalidHost"]]);
  assert.match(problems[0]?.message ?? "", /^spec\.rules\[0\]\.host: .*63/);
});

Deno.test("ingressHosts() tells of paths that no proxy can match, and serves the others", () => {
  const found = ingressHosts([
    ingress("a", {
      rules: [{
        host: "a.example",
        http: {
          paths: [
            { ...path("/a?b", "web"), pathType: "ImplementationSpecific" },
            { ...path("/\u0001", "web"), pathType: "ImplementationSpecific" },
            path("/x", "web"),
          ],
        },
      }],
    }),
  ], index);
  assert.deepEqual(table(found.hosts), ["a.example prefix /x → shop/web:80"]);
  assert.deepEqual(found.problems.map(({ reason, message }) => [reason, message]), [
    [
      "InvalidPath",
      'spec.rules[0].http.paths[0].path: path "/a?b" has ? or #: leave out what follows',
    ],
    [
      "InvalidPath",
      'spec.rules[0].http.paths[1].path: path: "/\\u0001" has control characters: remove them',
    ],
  ]);
});
