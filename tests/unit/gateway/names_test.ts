import assert from "assert";
import { byAge, nameOf, pathOf } from "../../../lib/gateway/names.ts";

const object = (name: string, creationTimestamp?: string, namespace?: string) => ({
  metadata: {
    name,
    uid: name,
    resourceVersion: "1",
    ...(creationTimestamp && { creationTimestamp }),
    ...(namespace && { namespace }),
  },
});

Deno.test("byAge() puts older objects first, then goes by namespace and name", () => {
  const sorted = [
    object("new"),
    object("b", "2026-01-01T00:00:00Z", "x"),
    object("a", "2026-01-01T00:00:00Z", "y"),
    object("a", "2026-01-01T00:00:00Z", "x"),
    object("z", "2025-01-01T00:00:00Z"),
  ].toSorted(byAge);
  assert.deepEqual(sorted.map((one) => pathOf(nameOf(one))), [
    "default/z",
    "x/a",
    "x/b",
    "y/a",
    "default/new",
  ]);
});
