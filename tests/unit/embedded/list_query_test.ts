import assert from "assert";
import fc from "fast-check";
import {
  checkListQuery,
  listPage,
  type ListQuery,
  parseVersion,
} from "../../../lib/embedded/list_query.ts";
import { Store } from "../../../lib/embedded/store.ts";
import { refusal } from "../../fakes/registry_bed.ts";

const THINGS = { group: "", plural: "things" };
const QUERY: ListQuery = {
  namespace: undefined,
  labels: [],
  fields: [],
  limit: 0,
  continue: "",
  resourceVersion: "",
  resourceVersionMatch: "",
};

function put(store: Store, name: string, labels: Readonly<Record<string, string>> = {}): void {
  store.put(THINGS, {
    apiVersion: "v1",
    kind: "Thing",
    metadata: { name, namespace: "n", labels },
  });
}

function page(store: Store, query: Partial<ListQuery>) {
  return listPage(store.collection(THINGS), { ...QUERY, ...query }, store.version);
}

Deno.test("pages show the collection as it was, whatever happens between them", () => {
  const name = fc.constantFrom("a", "b", "c", "d", "e", "f");
  const step = fc.record({ kind: fc.constantFrom("put", "remove"), name });
  fc.assert(fc.property(
    fc.uniqueArray(name),
    fc.array(fc.array(step, { maxLength: 3 }), { maxLength: 8 }),
    fc.integer({ min: 1, max: 3 }),
    (start, changes, limit) => {
      const store = new Store(100);
      for (const first of start) put(store, first);
      const seen: string[] = [];
      let token = "";
      for (let i = 0;; i++) {
        const found = page(store, { limit, continue: token });
        seen.push(...found.items.map((item) => item.metadata.name));
        if (found.continue === undefined) break;
        token = found.continue;
        for (const { kind, name } of changes[i] ?? []) {
          if (kind === "put") put(store, name, { changed: String(i) });
          else store.remove(THINGS, `n/${name}`);
        }
      }
      assert.deepEqual(seen, start.toSorted());
    },
  ));
});

Deno.test("a page too old for the history is 410, a bad token 400, the future 504", () => {
  const store = new Store(2);
  for (const name of ["a", "b", "c"]) put(store, name);
  const token = page(store, { limit: 1 }).continue ?? "";
  for (const name of ["d", "e", "f"]) put(store, name);
  assert.match(refusal(() => page(store, { limit: 1, continue: token })), /^410 /);
  for (const bad of ["%%%", btoa("5"), btoa("{")]) {
    assert.match(refusal(() => page(store, { continue: bad })), /^400 continue key is not valid/);
  }
  assert.match(refusal(() => page(store, { continue: token, resourceVersion: "3" })), /^400 /);
  assert.match(refusal(() => page(store, { resourceVersion: "999" })), /^504 Timeout: Too large/);
});

Deno.test("an exact version shows the past", () => {
  const store = new Store(10);
  put(store, "a");
  const then = String(store.version);
  put(store, "b");
  const names = (query: Partial<ListQuery>) =>
    page(store, query).items.map((item) => item.metadata.name);
  assert.deepEqual(names({ resourceVersion: then, resourceVersionMatch: "Exact" }), ["a"]);
  assert.deepEqual(names({ resourceVersion: then, resourceVersionMatch: "NotOlderThan" }), [
    "a",
    "b",
  ]);
  assert.equal(page(store, { limit: 1 }).remainingItemCount, 1);
});

Deno.test("a name in the selector is looked up, not searched", () => {
  const store = new Store(10);
  put(store, "a");
  put(store, "b");
  const fields = [{ path: "metadata.name", value: "b", negated: false }];
  const found = page(store, { namespace: "n", fields });
  assert.deepEqual(found.items.map((item) => item.metadata.name), ["b"]);
});

Deno.test("checkListQuery() and parseVersion() refuse senseless options", () => {
  const check = (resourceVersionMatch: string, resourceVersion = "") =>
    refusal(() => checkListQuery({ ...QUERY, resourceVersionMatch, resourceVersion }));
  assert.match(check("Exact"), /^422/);
  assert.match(check("Exact", "0"), /^422/);
  assert.match(check("About", "5"), /^422 .*Unsupported value/);
  assert.match(refusal(() => parseVersion("x")), /^400/);
  assert.equal(parseVersion(""), 0);
});
