import assert from "assert";
import { gatewayDraft } from "../../../../lib/cli/app/gateway_input.ts";
import { GatewayStore } from "../../../../lib/cli/app/gateway_store.ts";
import { ServiceStore } from "../../../../lib/cli/app/service_store.ts";
import type { Gateway } from "../../../../lib/gateway/mod.ts";
import {
  gateway,
  gatewayClass,
  grant,
  httpRoute,
  meta,
  policy,
} from "../../../fakes/gateway_objects.ts";
import { endpointSlice, lbService } from "../../../fakes/kube_objects.ts";

function sources() {
  const store = new GatewayStore();
  const services = new ServiceStore();
  store.put("GatewayClass", gatewayClass());
  return { cluster: "one", store, services };
}

function withSecret(namespace: string): Gateway {
  const certificateRefs = [{ kind: "Secret", group: "", namespace, name: "tls" }];
  const listener = { name: "https", port: 443, protocol: "HTTPS", tls: { certificateRefs } };
  return gateway("gw", { spec: { gatewayClassName: "berth", listeners: [listener] } });
}

Deno.test("gatewayDraft() holds what the Gateway's routes name, and nothing else", () => {
  const from = sources();
  const { namespace: _, ...metadata } = meta("ns", { labels: { team: "a" } });
  from.store.put("Namespace", { metadata });
  from.store.put("HTTPRoute", httpRoute());
  from.store.put("HTTPRoute", httpRoute("else", { parents: [{ name: "other" }] }));
  from.store.put("BackendTLSPolicy", policy());
  from.store.put("BackendTLSPolicy", policy("unrelated", "api"));
  from.services.putService(lbService());
  from.services.putService(lbService({ metadata: { name: "api" } }));
  from.services.putSlice(endpointSlice());
  const draft = gatewayDraft(gateway(), from);
  const names = (objects: readonly { readonly metadata: { readonly name: string } }[]) =>
    objects.map((object) => object.metadata.name);
  assert.deepEqual(names(draft.input.routes), ["route"]);
  assert.deepEqual(names(draft.input.services), ["web"]);
  assert.deepEqual(names(draft.input.slices), ["web-1"]);
  assert.deepEqual(names(draft.input.policies), ["tls"]);
  assert.deepEqual(draft.input.namespaces, { ns: { team: "a" } });
  assert.equal(draft.input.controllerName, "berth.dev/gateway-controller");
  assert.deepEqual(draft.configMaps, [{ namespace: "ns", name: "ca" }]);
  assert.deepEqual(draft.needs.toSorted(), [
    ...["ConfigMap/ns/ca", "Grants/ns", "Namespace/ns", "Service/ns/web"],
  ]);
});

for (
  const [title, given, readable] of [
    ["without a grant", [], false],
    ["with a grant", [grant("vault", "ns", "Secret")], true],
    ["with a grant for that name", [grant("vault", "ns", "Secret", "tls")], true],
    ["with a grant for another name", [grant("vault", "ns", "Secret", "other")], false],
    ["with a grant for another kind", [grant("vault", "ns", "ConfigMap")], false],
    ["with a grant to another namespace", [grant("vault", "else", "Secret")], false],
    ["with a grant in another namespace", [grant("ns", "ns", "Secret")], false],
  ] as const
) {
  Deno.test(`gatewayDraft() ${readable ? "reads" : "does not read"} a foreign Secret ${title}`, () => {
    const from = sources();
    for (const one of given) from.store.put("ReferenceGrant", one);
    const draft = gatewayDraft(withSecret("vault"), from);
    assert.equal(draft.secrets.length, readable ? 1 : 0);
    assert.ok(draft.needs.includes("Grants/vault"));
  });
}

Deno.test("gatewayDraft() reads Secrets of the Gateway's own namespace", () => {
  const draft = gatewayDraft(withSecret("ns"), sources());
  assert.deepEqual(draft.secrets, [{ namespace: "ns", name: "tls" }]);
});

for (const [title, isGranted] of [["without", false], ["with", true]] as const) {
  Deno.test(`gatewayDraft() ${isGranted ? "takes" : "leaves"} a foreign Service and its policies ${title} a grant`, () => {
    const from = sources();
    const vault = { namespace: "vault" };
    from.store.put("HTTPRoute", httpRoute("r", { backends: [{ name: "web", ...vault }] }));
    const { metadata, ...rest } = policy();
    from.store.put("BackendTLSPolicy", { ...rest, metadata: { ...metadata, ...vault } });
    from.services.putService(lbService({ metadata: vault }));
    const slice = endpointSlice();
    from.services.putSlice({ ...slice, metadata: { ...slice.metadata, ...vault } });
    const { metadata: named, spec } = grant("vault", "ns", "Service");
    const routes = spec.from.map((one) => ({ ...one, kind: "HTTPRoute" }));
    const given = { metadata: named, spec: { ...spec, from: routes } };
    if (isGranted) from.store.put("ReferenceGrant", given);
    const { input, configMaps, needs } = gatewayDraft(gateway(), from);
    const { services, slices, policies } = input;
    assert.deepEqual(
      [services, slices, policies, configMaps].map(({ length }) => length),
      isGranted ? [1, 1, 1, 1] : [0, 0, 0, 0],
    );
    assert.ok(needs.includes("Grants/vault"));
  });
}

Deno.test("gatewayDraft() reads no foreign ConfigMap because a policy lives beside it", () => {
  const from = sources();
  from.store.put("HTTPRoute", httpRoute("r"));
  from.store.put("BackendTLSPolicy", policy());
  const ref = { group: "", kind: "ConfigMap", namespace: "ns", name: "secret" };
  const frontend = { default: { validation: { caCertificateRefs: [ref] } } };
  const { spec } = gateway();
  const apart = gateway("gw", {
    metadata: { namespace: "edge" },
    spec: { ...spec, tls: { frontend } },
  });
  from.store.put("HTTPRoute", httpRoute("r", { parents: [{ name: "gw", namespace: "edge" }] }));
  const { configMaps } = gatewayDraft(apart, from);
  assert.deepEqual(configMaps, [{ namespace: "ns", name: "ca" }]);
});
