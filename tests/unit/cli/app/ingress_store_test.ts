import assert from "assert";
import { IngressStore } from "../../../../lib/cli/app/ingress_store.ts";
import { ingress, to } from "../../../fakes/ingress_objects.ts";

const mine = ingress("mine", { ingressClassName: "berth", defaultBackend: to("web") });
const other = ingress("other", { ingressClassName: "nginx", defaultBackend: to("api") });

function edgeClass(controller: string) {
  return { metadata: { name: "edge", uid: "e", resourceVersion: "1" }, spec: { controller } };
}

Deno.test("ours() follows Ingresses and classes", () => {
  const store = new IngressStore();
  const names = () => store.ours().map(({ metadata }) => metadata.name);
  store.syncIngresses([mine, other]);
  assert.deepEqual(names(), ["mine"]);
  const edge = ingress("edge", { ingressClassName: "edge" });
  store.putIngress(edge);
  store.syncClasses([edgeClass("x/y")]);
  assert.deepEqual(names(), ["mine"]);
  store.putClass(edgeClass("berth.dev/ingress-controller"));
  assert.deepEqual(names(), ["mine", "edge"]);
  store.removeClass(edgeClass("berth.dev/ingress-controller"));
  store.removeIngress(mine);
  assert.deepEqual(names(), []);
  assert.equal(store.ingress("shop/edge"), edge);
});

Deno.test("leadsTo() knows the Services of our Ingresses alone", () => {
  const store = new IngressStore();
  store.syncIngresses([mine, other]);
  assert.equal(store.leadsTo("shop/web"), true);
  assert.equal(store.leadsTo("shop/api"), false);
  store.removeIngress(mine);
  assert.equal(store.leadsTo("shop/web"), false);
});
