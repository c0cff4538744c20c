import assert from "assert";
import { BackendIndex } from "../../../lib/ingress/backends.ts";
import type { IngressBackend } from "../../../lib/ingress/types.ts";
import type { Service } from "../../../lib/kube/types.ts";
import { ingress, service, slice, to } from "../../fakes/ingress_objects.ts";

const owner = ingress("a", {});
const field = "spec.defaultBackend";

function resolve(backend: IngressBackend, services: readonly Service[]) {
  const index = new BackendIndex(services, [slice("web", ["10.0.0.2", "10.0.0.1"])]);
  return index.resolve(owner, { backend, field });
}

Deno.test("BackendIndex.resolve() finds ports by number and by name", () => {
  for (const port of [80, "web"]) {
    const { backend, problem } = resolve(to("web", port), [service("web")]);
    assert.equal(problem, undefined);
    assert.deepEqual(backend?.endpoints, [
      { address: "10.0.0.1", port: 8080, node: "worker" },
      { address: "10.0.0.2", port: 8080, node: "worker" },
    ]);
    assert.equal(backend?.name, "shop/web:80");
    assert.equal(backend?.protocol, "http1");
  }
});

Deno.test("BackendIndex.resolve() takes the Service's policies for what they are about", () => {
  const ports = [{ name: "web", port: 80, appProtocol: "kubernetes.io/h2c" }];
  const spec = { ports, sessionAffinity: "ClientIP", externalTrafficPolicy: "Local" } as const;
  const { backend } = resolve(to("web"), [service("web", spec)]);
  assert.equal(backend?.protocol, "h2");
  assert.equal(backend?.affinity, "client-ip");
  assert.equal(backend?.endpoints.length, 2);
});

Deno.test("BackendIndex.resolve() falls back to the family that has endpoints", () => {
  const { backend } = resolve(to("web"), [service("web", { ipFamilies: ["IPv6", "IPv4"] })]);
  assert.equal(backend?.endpoints.length, 2);
});

const refused: readonly [string, IngressBackend, RegExp][] = [
  ["a Service that is not there", to("none"), /service\.name: no Service "none"/],
  ["a port number that is not there", to("web", 81), /no TCP port "81": use one of web/],
  ["a port name that is not there", to("web", "x"), /no TCP port "x"/],
  ["a Service without endpoints of its own", to("ext"), /type ExternalName/],
  ["a resource", { resource: { kind: "Bucket", name: "b" } }, /resource: Bucket "b" cannot/],
];

for (const [what, backend, message] of refused) {
  Deno.test(`BackendIndex.resolve() answers 503 for ${what}`, () => {
    const services = [service("web"), service("ext", { type: "ExternalName" })];
    const { action, problem } = resolve(backend, services);
    assert.deepEqual(action, { kind: "respond", status: 503 });
    assert.match(problem?.message ?? "", message);
    assert.match(problem?.message ?? "", /^spec\.defaultBackend/);
  });
}
