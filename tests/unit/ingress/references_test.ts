import assert from "assert";
import { backendsOf, ingressReferences } from "../../../lib/ingress/references.ts";
import { ingress, to } from "../../fakes/ingress_objects.ts";

const full = ingress("a", {
  defaultBackend: to("web"),
  tls: [{ secretName: "one" }, { hosts: ["a.example"] }],
  rules: [
    { http: { paths: [{ pathType: "Exact", backend: to("api") }] } },
    { http: { paths: [{ pathType: "Exact", backend: { resource: { kind: "B", name: "b" } } }] } },
    { host: "empty.example" },
  ],
});

Deno.test("ingressReferences() names each Service and Secret once, sorted", () => {
  const other = ingress("b", { defaultBackend: to("web") }, { namespace: "blog" });
  assert.deepEqual(ingressReferences([full, full, other]), {
    services: [
      { namespace: "blog", name: "web" },
      { namespace: "shop", name: "api" },
      { namespace: "shop", name: "web" },
    ],
    secrets: [{ namespace: "shop", name: "one" }],
  });
});

Deno.test("backendsOf() begins with the default backend", () => {
  assert.deepEqual(backendsOf(full).map(({ service }) => service?.name), ["web", "api", undefined]);
});
