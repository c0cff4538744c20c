import assert from "assert";
import { attach, listenersByOwner, ownerKey } from "../../../lib/gateway/attachments.ts";
import { planListeners } from "../../../lib/gateway/listeners.ts";
import { lookups } from "../../../lib/gateway/lookups.ts";
import type { HTTPRoute, ParentReference, Route } from "../../../lib/gateway/types.ts";
import { gatewayInput } from "../../fakes/gateway_input.ts";
import { gatewayYaml } from "../../fakes/gateway_plans.ts";

const input = gatewayInput(gatewayYaml(`
  { name: any, port: 80, protocol: HTTP },
  { name: wild, port: 8080, protocol: HTTP, hostname: "*.example.com" },
  { name: grpc, port: 9000, protocol: HTTP, allowedRoutes: { kinds: [{ kind: GRPCRoute }] } },
  { name: open, port: 81, protocol: HTTP, allowedRoutes: { namespaces: { from: All } } },
  { name: tcp, port: 9001, protocol: TCP }
`));
const listeners = planListeners({
  gateway: input.gateway,
  listenerSets: [],
  lookups: lookups(input),
});
const parents = {
  listeners: listenersByOwner(listeners),
  closed: new Map([["ListenerSet/infra/shut", { reason: "NotAllowedByListeners", message: "m" }]]),
  namespaces: {},
};

function route(ref: Partial<ParentReference>, spec: Partial<HTTPRoute["spec"]> = {}, ns = "infra") {
  const metadata = { name: "r", namespace: ns, uid: "r", resourceVersion: "1" };
  const found: Route = {
    kind: "HTTPRoute",
    metadata,
    spec: { parentRefs: [{ name: "gw", namespace: "infra", ...ref }], ...spec },
  };
  return found;
}

const cases: readonly { readonly name: string; readonly of: Route; readonly want: string }[] = [
  {
    name: "no section: every listener that fits",
    of: route({}),
    want: "any:* wild:*.example.com open:*",
  },
  { name: "a section", of: route({ sectionName: "any" }), want: "any:*" },
  { name: "a port", of: route({ port: 8080 }), want: "wild:*.example.com" },
  { name: "an unknown section", of: route({ sectionName: "x" }), want: "NoMatchingParent" },
  { name: "an unknown port", of: route({ port: 1 }), want: "NoMatchingParent" },
  {
    name: "a section on another port",
    of: route({ sectionName: "any", port: 8080 }),
    want: "NoMatchingParent",
  },
  { name: "another kind's listener", of: route({ port: 9000 }), want: "NotAllowedByListeners" },
  { name: "another protocol", of: route({ sectionName: "tcp" }), want: "NotAllowedByListeners" },
  { name: "another namespace", of: route({ port: 80 }, {}, "shop"), want: "NotAllowedByListeners" },
  { name: "a namespace let in", of: route({}, {}, "shop"), want: "open:*" },
  {
    name: "hosts in common",
    of: route({ port: 8080 }, { hostnames: ["a.example.com", "b.org", "*.com"] }),
    want: "wild:a.example.com,*.example.com",
  },
  {
    name: "no hosts in common",
    of: route({ port: 8080 }, { hostnames: ["example.com"] }),
    want: "NoMatchingListenerHostname",
  },
  {
    name: "a set kept out",
    of: route({ kind: "ListenerSet", name: "shut" }),
    want: "NotAllowedByListeners",
  },
  { name: "another Gateway", of: route({ name: "other" }), want: "" },
  { name: "another group", of: route({ group: "example.com" }), want: "" },
  { name: "another kind", of: route({ kind: "Service" }), want: "" },
];

Deno.test.each(cases)("attach() with $name", ({ of, want }) => {
  const texts = attach(of, parents).map(({ refused, attached }) =>
    refused?.reason ??
      attached.map(({ listener, hosts }) => `${listener.spec.name}:${hosts}`).join(" ")
  );
  assert.deepEqual(texts, want === "" ? [] : [want]);
});

Deno.test("ownerKey() tells kinds apart", () => {
  assert.equal(ownerKey({ kind: "ListenerSet", path: "a/b" }), "ListenerSet/a/b");
});
