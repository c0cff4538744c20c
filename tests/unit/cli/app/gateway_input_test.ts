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
