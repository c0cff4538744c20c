import assert from "assert";
import { addressAnnotations, findAnnotation, splitValues } from "../../../lib/services/mod.ts";
import { lbService } from "../../fakes/kube_objects.ts";

Deno.test("findAnnotation() takes the first name that has a value", () => {
  const annotations = { "berth.dev/addresses": "  ", "metallb.io/loadBalancerIPs": " 10.0.0.1 " };
  const found = findAnnotation(lbService({ annotations }), addressAnnotations);
  assert.deepEqual(found, { name: "metallb.io/loadBalancerIPs", value: "10.0.0.1" });
});

Deno.test("findAnnotation() prefers the earlier name", () => {
  const annotations = Object.fromEntries(addressAnnotations.map((name, at) => [name, `${at}`]));
  const found = findAnnotation(lbService({ annotations }), addressAnnotations);
  assert.deepEqual(found, { name: addressAnnotations[0], value: "0" });
});

Deno.test("findAnnotation() finds nothing without annotations", () => {
  assert.equal(findAnnotation(lbService(), addressAnnotations), undefined);
  assert.equal(findAnnotation(lbService({ annotations: {} }), addressAnnotations), undefined);
});

Deno.test("splitValues() trims and drops empty parts", () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ["", []],
    [" , ,", []],
    ["a", ["a"]],
    [" a ,b,, c ", ["a", "b", "c"]],
  ];
  for (const [text, expected] of cases) assert.deepEqual(splitValues(text), expected, text);
});
