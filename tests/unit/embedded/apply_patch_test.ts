import assert from "assert";
import fc from "fast-check";
import { applyPatch } from "../../../lib/embedded/apply_patch.ts";
import { asObject, equal, type JsonObject } from "../../../lib/embedded/json.ts";
import type { KubeObject } from "../../../lib/embedded/types.ts";
import { refusal } from "../../fakes/registry_bed.ts";

const TIME = "2026-01-01T00:00:00Z";

function apply(live: KubeObject, manager: string, body: JsonObject, force = false): KubeObject {
  const config = {
    apiVersion: "v1",
    kind: live.kind,
    metadata: { name: "a" },
    ...body,
  } as KubeObject;
  const { object, managedFields } = applyPatch(live, { config, manager, force, time: TIME });
  return { ...object, metadata: { ...object.metadata, managedFields } };
}

function blank(kind: string): KubeObject {
  return { apiVersion: "v1", kind, metadata: { name: "a" } };
}

Deno.test("applyPatch() merges lists by all their keys", () => {
  const one = apply(blank("Service"), "x", { spec: { ports: [{ port: 53, protocol: "UDP" }] } });
  const two = apply(one, "y", { spec: { ports: [{ port: 53, name: "tcp" }] } });
  assert.deepEqual(two.spec?.["ports"], [{ port: 53, protocol: "UDP" }, { port: 53, name: "tcp" }]);
  const three = apply(two, "x", { spec: { ports: [{ port: 54, protocol: "UDP" }] } });
  assert.deepEqual(three.spec?.["ports"], [{ port: 53, name: "tcp" }, {
    port: 54,
    protocol: "UDP",
  }]);
});

Deno.test("applyPatch() takes out of sets what the manager gave up", () => {
  const one = apply(blank("ConfigMap"), "x", {
    metadata: { name: "a", finalizers: ["e.com/1", "e.com/2"] },
  });
  const two = apply(one, "x", { metadata: { name: "a", finalizers: ["e.com/2"] } });
  assert.deepEqual(two.metadata.finalizers, ["e.com/2"]);
});

Deno.test("applyPatch() reports each conflict with its owner", () => {
  const live = apply(blank("ConfigMap"), "x", { data: { a: "1", b: "1" } });
  assert.match(
    refusal(() => apply(live, "y", { data: { a: "2", b: "2" } })),
    /^409 Apply failed with 2 conflicts/,
  );
  assert.equal(apply(live, "y", { data: { a: "1" } }).metadata.managedFields?.length, 2);
  const forced = apply(live, "y", { data: { a: "2" } }, true);
  assert.deepEqual(forced.metadata.managedFields?.[0]?.fieldsV1, { "f:data": { "f:b": {} } });
});

Deno.test("after any forced applies the object holds just what its owners applied", () => {
  const data = fc.dictionary(fc.constantFrom("a", "b", "c"), fc.constantFrom("1", "2"));
  const step = fc.tuple(fc.constantFrom("x", "y", "z"), data);
  fc.assert(fc.property(fc.array(step, { minLength: 1, maxLength: 10 }), (steps) => {
    let live = blank("ConfigMap");
    let model = new Map<string, { readonly value: string; readonly owners: ReadonlySet<string> }>();
    for (const [manager, data] of steps) {
      const before = model;
      live = apply(live, manager, { data }, true);
      model = new Map([...before].flatMap(([key, { value, owners }]) => {
        const left = new Set([...owners].filter((owner) => owner !== manager));
        return left.size > 0 ? [[key, { value, owners: left }] as const] : [];
      }));
      for (const [key, value] of Object.entries(data)) {
        const same = before.get(key)?.value === value;
        model.set(key, {
          value,
          owners: new Set([...(same ? before.get(key)?.owners ?? [] : []), manager]),
        });
      }
      assert.ok(equal(apply(live, manager, { data }, true), live));
      const values = Object.fromEntries([...model].map(([key, { value }]) => [key, value]));
      assert.ok(equal(asObject(live["data"]), values));
    }
  }));
});
