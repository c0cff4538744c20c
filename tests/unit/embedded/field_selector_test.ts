import assert from "assert";
import {
  matchesFields,
  parseFieldSelector,
  pinnedName,
} from "../../../lib/embedded/field_selector.ts";
import { refusal, RegistryBed } from "../../fakes/registry_bed.ts";

const row = new RegistryBed().row("pods");
const pod = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "a", namespace: "n" },
  spec: { nodeName: "one", hostNetwork: true },
  status: { phase: "Running" },
};

Deno.test.each(
  [
    ["metadata.name=a", true],
    ["metadata.name!=a", false],
    ["spec.nodeName==one,status.phase!=Failed", true],
    ["spec.hostNetwork=true", true],
    ["status.podIP=", true],
    ["", true],
  ] as const,
)("matchesFields() $0 is $1", (text, expected) => {
  assert.equal(matchesFields(parseFieldSelector(text, row), pod), expected);
});

Deno.test("parseFieldSelector() refuses fields that are not indexed and malformed terms", () => {
  assert.match(
    refusal(() => parseFieldSelector("spec.x=1", row)),
    /field label not supported: spec.x/,
  );
  assert.match(refusal(() => parseFieldSelector("oops", row)), /^400 invalid selector/);
});

Deno.test("pinnedName() finds the name that must be", () => {
  assert.equal(pinnedName(parseFieldSelector("metadata.name=a", row)), "a");
  assert.equal(pinnedName(parseFieldSelector("metadata.name!=a", row)), undefined);
});
