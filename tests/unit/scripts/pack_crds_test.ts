import assert from "assert";
import { dataModule, definitions } from "../../../scripts/pack_crds.ts";

Deno.test("definitions() keeps resource definitions and leaves policies out", () => {
  const crd = "kind: CustomResourceDefinition\nmetadata:\n  name: a";
  const policy = "kind: ValidatingAdmissionPolicy\nmetadata:\n  name: b";
  assert.deepEqual(definitions([crd, policy]), [
    { kind: "CustomResourceDefinition", metadata: { name: "a" } },
  ]);
});

Deno.test("dataModule() carries the licence and the data", () => {
  const text = dataModule("standard", "H4sI");
  assert.match(text, /Apache License, Version 2\.0/);
  assert.match(text, /export const packed =\n {2}"H4sI";/);
});
