import assert from "assert";
import { parentKey, parentsOf, sameParent } from "../../../../lib/cli/app/gateway_parents.ts";
import { httpRoute } from "../../../fakes/gateway_objects.ts";

const group = "gateway.networking.k8s.io";

Deno.test("parentKey() fills in group, kind and namespace", () => {
  assert.equal(parentKey({ name: "gw" }, "shop"), "Gateway/shop/gw");
  assert.equal(parentKey({ group, kind: "ListenerSet", name: "s" }, "shop"), "ListenerSet/shop/s");
  assert.equal(parentKey({ name: "gw", namespace: "infra" }, "shop"), "Gateway/infra/gw");
  assert.equal(parentKey({ group: "", kind: "Service", name: "web" }, "shop"), undefined);
});

Deno.test("parentsOf() names each parent once", () => {
  const parents = [{ name: "gw" }, { name: "gw" }, { name: "s", kind: "ListenerSet" }];
  assert.deepEqual([...parentsOf(httpRoute("r", { parents }))], [
    ...["Gateway/ns/gw", "ListenerSet/ns/s"],
  ]);
});

Deno.test("sameParent() tells sections and ports apart", () => {
  assert.ok(sameParent({ name: "gw" }, { group, kind: "Gateway", name: "gw" }, "ns"));
  assert.ok(sameParent({ name: "gw" }, { namespace: "ns", name: "gw" }, "ns"));
  assert.ok(!sameParent({ name: "gw" }, { name: "gw", sectionName: "a" }, "ns"));
  assert.ok(!sameParent({ name: "gw", port: 80 }, { name: "gw", port: 81 }, "ns"));
  assert.ok(!sameParent({ kind: "Service", name: "a" }, { kind: "Service", name: "a" }, "ns"));
});
