import assert from "assert";
import { mergeEntries, type StatusEntry, steady } from "../../../../lib/cli/app/status_entries.ts";
import type { Condition } from "../../../../lib/kube/types.ts";

interface Entry extends StatusEntry {
  readonly ref: string;
}

const ours = "berth.dev/gateway-controller";
const theirs = "example.com/controller";

function entry(ref: string, controllerName = ours, conditions?: readonly Condition[]): Entry {
  return { ref, controllerName, ...(conditions === undefined ? {} : { conditions }) };
}

function condition(status: "True" | "False", lastTransitionTime: string): Condition {
  return { type: "Accepted", status, reason: "r", message: "", lastTransitionTime };
}

const rules = {
  same: (a: Entry, b: Entry) => a.ref === b.ref,
  pending: (one: Entry) => one.ref === "pending",
  most: 4,
};

Deno.test("mergeEntries() leaves other controllers' entries where they are", () => {
  const before = [entry("a", theirs), entry("b"), entry("c", theirs)];
  assert.deepEqual(mergeEntries(before, [entry("d")], rules), [
    ...[entry("a", theirs), entry("c", theirs), entry("d")],
  ]);
});

Deno.test("mergeEntries() keeps entries that nobody has planned yet", () => {
  const before = [entry("pending"), entry("gone")];
  assert.deepEqual(mergeEntries(before, [], rules), [entry("pending")]);
});

Deno.test("mergeEntries() keeps order and times when nothing changed", () => {
  const before = [entry("b", ours, [condition("True", "1")]), entry("a", theirs)];
  const wanted = [entry("b", ours, [condition("True", "2")])];
  assert.deepEqual(mergeEntries(before, wanted, rules), before);
});

Deno.test("mergeEntries() stays within the API's limit without touching what is there", () => {
  const before = [1, 2, 3].map((n) => entry(String(n), theirs));
  const merged = mergeEntries(before, [entry("a"), entry("b")], rules);
  assert.deepEqual(merged.map(({ ref }) => ref), ["1", "2", "3", "a"]);
});

Deno.test("steady() moves a time only with the status", () => {
  assert.deepEqual(steady([condition("False", "2")], [condition("True", "1")]), [
    condition("False", "2"),
  ]);
  assert.deepEqual(steady([condition("True", "2")], [condition("True", "1")]), [
    condition("True", "1"),
  ]);
  assert.deepEqual(steady([condition("True", "2")], undefined), [condition("True", "2")]);
});
