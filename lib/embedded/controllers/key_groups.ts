import type { Change, KubeObject } from "../types.ts";

/** Keys of objects by any number of groups, kept up to date from changes. */
export class KeyGroups {
  readonly #groups = new Map<string, Set<string>>();
  readonly #groupsOf: (object: KubeObject) => readonly string[];

  constructor(groupsOf: (object: KubeObject) => readonly string[]) {
    this.#groupsOf = groupsOf;
  }

  /** Follows one change of the store. */
  observe({ type, key, object, previous }: Change): void {
    if (previous) { for (const group of this.#groupsOf(previous)) this.#remove(group, key); }
    if (type !== "DELETED") { for (const group of this.#groupsOf(object)) this.#add(group, key); }
  }

  /** The keys in a group. */
  keys(group: string): ReadonlySet<string> {
    return this.#groups.get(group) ?? new Set();
  }

  #add(group: string, key: string): void {
    const keys = this.#groups.get(group) ?? new Set();
    this.#groups.set(group, keys.add(key));
  }

  #remove(group: string, key: string): void {
    const keys = this.#groups.get(group);
    keys?.delete(key);
    if (keys?.size === 0) this.#groups.delete(group);
  }
}

/** Groups by each label: `namespace key=value`. */
export function labelGroups({ metadata }: KubeObject): readonly string[] {
  return pairGroups(metadata.namespace, metadata.labels ?? {});
}

/** The groups of label pairs in a namespace. */
export function pairGroups(
  namespace: string | undefined,
  labels: Readonly<Record<string, string>>,
): readonly string[] {
  return Object.entries(labels).map(([key, value]) => `${namespace ?? ""} ${key}=${value}`);
}

/** Groups by the uid of each owner. */
export function ownerGroups({ metadata }: KubeObject): readonly string[] {
  return (metadata.ownerReferences ?? []).map((owner) => owner.uid);
}

/** Splits a key into namespace and name. */
export function splitKey(key: string): { readonly namespace: string; readonly name: string } {
  const slash = key.indexOf("/");
  return { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}
