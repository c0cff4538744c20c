import assert from "assert";
import { ingressKey, planIngress } from "../../../lib/ingress/plan.ts";
import type { IngressInput } from "../../../lib/ingress/types.ts";
import { ingress, input, secret, table, to } from "../../fakes/ingress_objects.ts";

const plan = (given: IngressInput) => planIngress(given, { check: () => undefined });

Deno.test("planIngress() serves nothing when there is no Ingress", () => {
  assert.equal(plan(input([])).spec, undefined);
});

Deno.test("planIngress() serves HTTP alone until a certificate is usable", () => {
  const { spec } = plan(input([ingress("a", { defaultBackend: to("web") })]));
  assert.equal(spec?.key, "kind/ingress");
  assert.equal(spec?.key, ingressKey("kind"));
  assert.deepEqual(spec?.addresses, ["172.18.255.1"]);
  assert.deepEqual(spec?.ports.map(({ port }) => port), [80]);
  const withTls = ingress("a", { defaultBackend: to("web"), tls: [{ secretName: "one" }] });
  const secured = plan(input([withTls], { secrets: [secret("one")] }));
  assert.deepEqual(secured.spec?.ports.map(({ port }) => port), [80, 443]);
  assert.deepEqual(secured.spec?.certificates.map(({ name }) => name), ["shop/one"]);
});

Deno.test("planIngress() prefers the older Ingress in whatever order they come", () => {
  const rules = (name: string) => [{
    host: "a.example",
    http: { paths: [{ path: "/", pathType: "Prefix" as const, backend: to(name) }] },
  }];
  const old = ingress("z", { rules: rules("web") });
  const young = ingress("a", { rules: rules("api") }, { age: 5 });
  for (const order of [[old, young], [young, old]]) {
    const { spec, problems } = plan(input(order));
    const [port] = spec?.ports ?? [];
    const serve = port?.protocol === "TCP" ? port.chains[0]?.serve : undefined;
    assert.deepEqual(serve?.kind === "http" ? table(serve.hosts) : [], [
      "a.example prefix / → shop/web:80",
    ]);
    assert.deepEqual(problems.map(({ name }) => name), ["a"]);
  }
});

Deno.test("planIngress() tells every Ingress the addresses and its ports", () => {
  const found = plan(input([
    ingress("a", { defaultBackend: to("web") }),
    ingress("b", { defaultBackend: to("web"), tls: [{ secretName: "one" }] }),
  ]));
  const served = {
    key: "kind/ingress",
    addresses: [{ address: "172.18.255.1" }],
    published: [],
    refused: [],
    warnings: [],
  };
  const ports = found.statuses(served).map(({ name, loadBalancer }) => [
    name,
    loadBalancer.ingress?.[0]?.ip,
    loadBalancer.ingress?.[0]?.ports?.map(({ port }) => port),
  ]);
  assert.deepEqual(ports, [["a", "172.18.255.1", [80]], ["b", "172.18.255.1", [80, 443]]]);
});

Deno.test("planIngress() serves the others when one Ingress is too large", () => {
  const paths = Array.from({ length: 25_000 }, (_, at) => ({
    path: `/${at}`,
    pathType: "Prefix" as const,
    backend: to("web"),
  }));
  const large = ingress("large", { rules: [{ host: "a.example", http: { paths } }] });
  const small = ingress("small", { defaultBackend: to("web") }, { age: 5 });
  const { spec, problems, statuses } = plan(input([large, small]));
  const key = "kind/ingress";
  const told = statuses({ key, addresses: [], published: [], refused: [], warnings: [] });
  assert.deepEqual(told.map(({ name }) => name), ["small"]);
  assert.deepEqual(problems.map(({ name, reason }) => [name, reason]), [["large", "TooManyRules"]]);
  assert.equal(JSON.stringify(spec).includes("a.example"), false);
  assert.equal(plan(input([large])).spec, undefined);
});
