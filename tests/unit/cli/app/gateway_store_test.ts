import assert from "assert";
import { GatewayStore } from "../../../../lib/cli/app/gateway_store.ts";
import {
  gateway,
  gatewayClass,
  grant,
  httpRoute,
  listenerSet,
  meta,
  policy,
} from "../../../fakes/gateway_objects.ts";

function store(): GatewayStore {
  const made = new GatewayStore();
  made.put("GatewayClass", gatewayClass());
  made.put("Gateway", gateway());
  made.put("Gateway", gateway("other"));
  return made;
}

function keys(touched: Iterable<string>): readonly string[] {
  return [...touched].toSorted();
}

Deno.test("put() of a route concerns the Gateways that it names, now and before", () => {
  const all = store();
  assert.deepEqual(keys(all.put("HTTPRoute", httpRoute())), ["ns/gw"]);
  const moved = httpRoute("route", { parents: [{ name: "other" }] });
  assert.deepEqual(keys(all.put("HTTPRoute", moved)), ["ns/gw", "ns/other"]);
  assert.deepEqual(keys(all.remove("HTTPRoute", moved)), ["ns/other"]);
  assert.deepEqual(all.routes("ns/other"), []);
});

Deno.test("a route of a ListenerSet concerns its Gateway", () => {
  const all = store();
  const route = httpRoute("route", { parents: [{ name: "set", kind: "ListenerSet" }] });
  assert.deepEqual(keys(all.put("HTTPRoute", route)), []);
  assert.deepEqual(keys(all.put("ListenerSet", listenerSet())), ["ns/gw"]);
  assert.deepEqual(all.routes("ns/gw"), [route]);
  assert.deepEqual(keys(all.put("HTTPRoute", route)), ["ns/gw"]);
  assert.equal(all.gatewayOf("ListenerSet/ns/set"), "ns/gw");
});

Deno.test("gateway() gives those of served classes that are not being deleted", () => {
  const all = store();
  assert.equal(all.gateway("ns/gw")?.metadata.name, "gw");
  assert.deepEqual(keys(all.remove("GatewayClass", gatewayClass())), ["ns/gw", "ns/other"]);
  assert.equal(all.gateway("ns/gw"), undefined);
  all.put("GatewayClass", gatewayClass());
  const deletionTimestamp = "2026-01-01T00:00:00Z";
  all.put("Gateway", gateway("gw", { metadata: { deletionTimestamp } }));
  assert.equal(all.gateway("ns/gw"), undefined);
});

Deno.test("what a Gateway was planned with leads back to it", () => {
  const all = store();
  all.setNeeds("ns/gw", ["Service/ns/web", "Grants/backends", "Namespace/ns"]);
  assert.deepEqual(keys(all.concernedBy("Service/ns/web")), ["ns/gw"]);
  assert.deepEqual(keys(all.put("BackendTLSPolicy", policy())), ["ns/gw"]);
  assert.deepEqual(keys(all.put("BackendTLSPolicy", policy("tls", "api"))), ["ns/gw"]);
  assert.deepEqual(keys(all.put("ReferenceGrant", grant("backends", "ns", "Service"))), ["ns/gw"]);
  assert.deepEqual(keys(all.put("ReferenceGrant", grant("else", "ns", "Service"))), []);
  all.setNeeds("ns/gw", []);
  assert.deepEqual(keys(all.concernedBy("Service/ns/web")), []);
});

Deno.test("a Namespace concerns its Gateways only when its labels change", () => {
  const all = store();
  all.setNeeds("ns/gw", ["Namespace/ns"]);
  const { namespace: _, ...metadata } = meta("ns");
  assert.deepEqual(keys(all.put("Namespace", { metadata })), ["ns/gw"]);
  const newer = { ...metadata, resourceVersion: "2" };
  assert.deepEqual(keys(all.put("Namespace", { metadata: newer })), []);
  const labelled = { ...metadata, labels: { team: "a" } };
  assert.deepEqual(keys(all.put("Namespace", { metadata: labelled })), ["ns/gw"]);
});

Deno.test("sync() forgets what is gone and concerns what it was for", () => {
  const all = store();
  all.put("HTTPRoute", httpRoute("a"));
  all.put("HTTPRoute", httpRoute("b", { parents: [{ name: "other" }] }));
  const touched = all.sync("HTTPRoute", [httpRoute("b", { parents: [{ name: "other" }] })]);
  assert.deepEqual(keys(touched), ["ns/gw", "ns/other"]);
  assert.equal(all.all("HTTPRoute").length, 1);
  assert.deepEqual(keys(all.sync("HTTPRoute", [])), ["ns/other"]);
});
