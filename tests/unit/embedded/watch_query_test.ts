import assert from "assert";
import fc from "fast-check";
import { parseLabelSelector } from "../../../lib/embedded/label_selector.ts";
import { Store } from "../../../lib/embedded/store.ts";
import type { WatchEvent } from "../../../lib/embedded/types.ts";
import { eventFor, watchScope, watchStart } from "../../../lib/embedded/watch_query.ts";
import { refusal } from "../../fakes/registry_bed.ts";

const THINGS = { group: "", plural: "things" };
const ALL = {
  namespace: undefined,
  labels: [],
  fields: [],
  resourceVersion: "",
  sendInitialEvents: false,
};

function put(store: Store, name: string, on: string, namespace = "n"): void {
  store.put(THINGS, {
    apiVersion: "v1",
    kind: "Thing",
    metadata: { name, namespace, labels: { on } },
  });
}

/** What a client that follows the events believes to be there. */
function apply(state: Map<string, string>, events: readonly WatchEvent[]): void {
  for (const { type, object } of events) {
    const { name, resourceVersion = "" } = object.metadata;
    assert.equal(type === "ADDED", !state.has(name));
    if (type === "DELETED") state.delete(name);
    else state.set(name, resourceVersion);
  }
}

Deno.test("a watch that resumes anywhere ends with the same objects as a list", () => {
  const step = fc.record({
    name: fc.constantFrom("a", "b", "c"),
    on: fc.constantFrom("yes", "no", "gone"),
  });
  fc.assert(fc.property(fc.array(step, { maxLength: 30 }), fc.nat(30), (steps, cut) => {
    const store = new Store(100);
    const query = { ...ALL, labels: parseLabelSelector("on=yes") };
    const run = (part: typeof steps) => {
      for (const { name, on } of part) {
        if (on === "gone") store.remove(THINGS, `n/${name}`);
        else put(store, name, on);
      }
    };
    const state = new Map<string, string>();
    run(steps.slice(0, cut));
    apply(state, watchStart(store.collection(THINGS), query, store.version).events);
    const resourceVersion = String(store.version);
    run(steps.slice(cut));
    apply(
      state,
      watchStart(store.collection(THINGS), { ...query, resourceVersion }, store.version).events,
    );
    const listed = [...store.collection(THINGS).objects()].filter((o) =>
      o.metadata.labels?.["on"] === "yes"
    );
    assert.deepEqual([...state.keys()].sort(), listed.map((o) => o.metadata.name));
    for (const { metadata } of listed) {
      assert.equal(state.get(metadata.name), metadata.resourceVersion);
    }
  }));
});

Deno.test("watchStart() keeps to its namespace and refuses what it cannot give", () => {
  const store = new Store(2);
  for (const name of ["a", "b", "c", "d"]) put(store, name, "yes", name === "c" ? "m" : "n");
  const start = (resourceVersion: string) =>
    watchStart(
      store.collection(THINGS),
      { ...ALL, namespace: "n", resourceVersion },
      store.version,
    );
  assert.deepEqual(start("3").events.map((event) => event.object.metadata.name), ["d"]);
  assert.equal(start("3").initial, false);
  assert.equal(start("0").initial, true);
  assert.match(refusal(() => start("2")), /^410 too old resource version: 2 \(3\)/);
  assert.match(refusal(() => start("99")), /^504/);
});

Deno.test("an object that leaves a selection is DELETED with its last matching state", () => {
  const metadata = { name: "a", labels: { on: "yes" }, resourceVersion: "4" };
  const previous = { apiVersion: "v1", kind: "Thing", metadata };
  const object = {
    ...previous,
    metadata: { ...metadata, labels: { on: "no" }, resourceVersion: "5" },
  };
  const selection = { ...ALL, labels: parseLabelSelector("on=yes") };
  const event = eventFor(selection, { version: 5, type: "MODIFIED", key: "n/a", object, previous });
  assert.equal(event?.type, "DELETED");
  assert.deepEqual(event?.object.metadata, { ...metadata, resourceVersion: "5" });
});

Deno.test("watchScope() narrows to a pinned name", () => {
  const fields = [{ path: "metadata.name", value: "a", negated: false }];
  assert.deepEqual(watchScope({ ...ALL, namespace: "n", fields }), { namespace: "n", name: "a" });
});
