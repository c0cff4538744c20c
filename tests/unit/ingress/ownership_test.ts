import assert from "assert";
import { ownsIngress } from "../../../lib/ingress/ownership.ts";
import type { IngressClass } from "../../../lib/ingress/types.ts";
import { ingress } from "../../fakes/ingress_objects.ts";

function ingressClass(name: string, controller: string, isDefault = false): IngressClass {
  const annotations = { "ingressclass.kubernetes.io/is-default-class": String(isDefault) };
  return { metadata: { name, uid: name, resourceVersion: "1", annotations }, spec: { controller } };
}

const ours = "kind.sigs.k8s.io/ingress-controller";
const nginx = ingressClass("nginx", "k8s.io/ingress-nginx");

const cases: readonly [string, string | undefined, readonly IngressClass[], boolean][] = [
  ["our class", "berth", [], true],
  ["the peer's class", "cloud-provider-kind", [nginx], true],
  ["a class of another controller", "nginx", [nginx], false],
  ["an unknown class", "other", [nginx], false],
  ["our name with another controller", "berth", [ingressClass("berth", "x/y")], false],
  ["a class of our controller", "edge", [ingressClass("edge", ours)], true],
  ["no class, ours is default", undefined, [ingressClass("edge", ours, true)], true],
  ["no class, ours is not default", undefined, [ingressClass("edge", ours)], false],
  ["no class, another is default", undefined, [ingressClass("n", "x/y", true)], false],
];

for (const [what, ingressClassName, classes, expected] of cases) {
  Deno.test(`ownsIngress() is ${expected} for ${what}`, () => {
    const spec = ingressClassName === undefined ? {} : { ingressClassName };
    assert.equal(ownsIngress(ingress("a", spec), classes), expected);
  });
}

Deno.test("ownsIngress() reads the old annotation where the field is absent", () => {
  const base = ingress("a", {});
  const annotations = { "kubernetes.io/ingress.class": "berth" };
  const old = { ...base, metadata: { ...base.metadata, annotations } };
  assert.equal(ownsIngress(old, []), true);
  assert.equal(ownsIngress({ ...old, spec: { ingressClassName: "nginx" } }, [nginx]), false);
});
