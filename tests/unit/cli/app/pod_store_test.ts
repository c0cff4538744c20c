import assert from "assert";
import fc from "fast-check";
import { PodStore } from "../../../../lib/cli/app/pod_store.ts";
import type { Pod, Service } from "../../../../lib/kube/types.ts";

const meta = { uid: "1", resourceVersion: "1" };

function pod(name: string, labels: Record<string, string>, namespace = "default"): Pod {
  return { metadata: { ...meta, name, namespace, labels } };
}

function selecting(selector: Record<string, string>, namespace = "default"): Service {
  return { metadata: { ...meta, name: "s", namespace }, spec: { selector } };
}

function names(pods: readonly Pod[]): readonly string[] {
  return pods.map(({ metadata }) => metadata.name).sort();
}

Deno.test("selected() wants every label, in the Service's namespace", () => {
  const store = new PodStore();
  store.sync([
    pod("a", { app: "web", tier: "front" }),
    pod("b", { app: "web" }),
    pod("c", { app: "web", tier: "front" }, "other"),
  ]);
  assert.deepEqual(names(store.selected(selecting({ app: "web" }))), ["a", "b"]);
  assert.deepEqual(names(store.selected(selecting({ app: "web", tier: "front" }))), ["a"]);
  assert.deepEqual(names(store.selected(selecting({ tier: "none" }))), []);
  assert.deepEqual(names(store.selected(selecting({}))), []);
});

Deno.test("PodStore agrees with a plain list over any history", () => {
  const step = fc.record({
    name: fc.constantFrom("a", "b", "c", "d"),
    app: fc.constantFrom("x", "y"),
    tier: fc.constantFrom("1", "2"),
    gone: fc.boolean(),
  });
  fc.assert(fc.property(fc.array(step), (steps) => {
    const store = new PodStore();
    const model = new Map<string, Pod>();
    for (const { name, app, tier, gone } of steps) {
      const next = pod(name, { app, tier });
      if (gone) store.deleted(next);
      else store.applied(next);
      if (gone) model.delete(name);
      else model.set(name, next);
    }
    const expected = [...model.values()].filter(({ metadata }) => metadata.labels?.["app"] === "x");
    assert.deepEqual(names(store.selected(selecting({ app: "x" }))), names(expected));
  }));
});
