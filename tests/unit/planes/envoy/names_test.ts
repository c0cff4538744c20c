import assert from "assert";
import { edgeMac, labelFilter, proxyName, proxyUser } from "../../../../lib/planes/envoy/names.ts";

Deno.test("proxyName() is a container's name and differs for keys that look alike", () => {
  assert.equal(proxyName("kind/gateway/shop/web"), "berth-kind-gateway-shop-web");
  const names = ["a-b/c/d", "a/b-c/d", "a/b/c-d"].map(proxyName);
  assert.equal(new Set(names).size, 3);
  for (const name of names) assert.match(name, /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/);
});

Deno.test("edgeMac() is fixed, local and for one device", () => {
  assert.equal(edgeMac("kind"), edgeMac("kind"));
  assert.notEqual(edgeMac("kind"), edgeMac("other"));
  assert.match(edgeMac("kind"), /^02(:[0-9a-f]{2}){5}$/);
});

Deno.test("proxyUser() is nobody else's", () => {
  assert.ok(proxyUser("a") >= 10_000 && proxyUser("a") < 60_000);
  assert.notEqual(proxyUser("a"), proxyUser("b"));
});

Deno.test("labelFilter() names cluster and role", () => {
  assert.deepEqual(labelFilter("kind", "edge"), [
    "io.x-k8s.cloud-provider-kind.cluster=kind",
    "berth.dev/owner=berth",
    "berth.dev/role=edge",
  ]);
});
