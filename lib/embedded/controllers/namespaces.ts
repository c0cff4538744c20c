import { keyOf } from "../collection.ts";
import { asString } from "../json.ts";
import { NAMESPACES, type Registry } from "../registry.ts";
import type { ResourceRow } from "../types.ts";
import { deleteObject } from "../write_delete.ts";
import { Objects } from "./objects.ts";
import { splitKey } from "./key_groups.ts";
import { WorkSet } from "./work_set.ts";

/** Empties a namespace; true when nothing is left. */
function empty(registry: Registry, rows: readonly ResourceRow[], namespace: string): boolean {
  let left = 0;
  for (const row of rows) {
    for (const object of [...registry.collection(row).objects(namespace)]) {
      const deleted = object.metadata.deletionTimestamp !== undefined;
      const { name } = object.metadata;
      const gone = !deleted && deleteObject(registry, row, { namespace, name }).gone;
      if (!gone) left += 1;
    }
  }
  return left === 0;
}

/** Gives new namespaces their service account and empties those that are deleted. */
export function startNamespaces(registry: Registry): () => void {
  const namespaces = new Objects(registry, NAMESPACES);
  const accounts = new Objects(registry, { group: "", plural: "serviceaccounts" });
  const rows = registry.rows.filter((row) => row.namespaced && !row.storedAs);
  const work = new WorkSet((key) => {
    const object = namespaces.get(key);
    if (!object) return;
    const { name, deletionTimestamp } = object.metadata;
    if (deletionTimestamp === undefined) {
      if (!accounts.get(`${name}/default`)) {
        accounts.create(name, { metadata: { name: "default" } });
      }
    } else if (empty(registry, rows, name)) {
      namespaces.update(key, (old) => ({ ...old, spec: { ...old.spec, finalizers: [] } }));
    }
  });
  const stops = [
    namespaces.follow(({ key }) => work.mark(key)),
    ...rows.map((row) =>
      registry.store.subscribe(row, {}, ({ type, object, key }) => {
        const namespace = `/${splitKey(key).namespace}`;
        const phase = asString(namespaces.get(namespace)?.status?.["phase"]);
        const account = type === "DELETED" && row.plural === "serviceaccounts" &&
          keyOf(object) === key;
        if (type === "DELETED" && (phase === "Terminating" || account)) work.mark(namespace);
      })
    ),
  ];
  return () => {
    work.stop();
    for (const stop of stops) stop();
  };
}
