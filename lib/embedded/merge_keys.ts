/**
 * How lists of the served types are merged. `keys` identify an element (the first is the
 * strategic-merge key, all of them are the server-side-apply map keys), `set` is a list of
 * scalars without repeats, `atomic` is replaced as a whole.
 */
export type ListShape =
  | { readonly type: "map"; readonly keys: readonly string[] }
  | { readonly type: "set" }
  | { readonly type: "atomic" };

const ATOMIC: ListShape = { type: "atomic" };

function map(...keys: readonly string[]): ListShape {
  return { type: "map", keys };
}

/** By member name; the same for every kind unless a line below names the kind too. */
const SHAPES: Readonly<Record<string, ListShape>> = {
  "ports": map("port", "protocol"),
  "containers.ports": map("containerPort", "protocol"),
  "initContainers.ports": map("containerPort", "protocol"),
  "EndpointSlice/ports": ATOMIC,
  "containers": map("name"),
  "initContainers": map("name"),
  "ephemeralContainers": map("name"),
  "env": map("name"),
  "volumes": map("name"),
  "volumeMounts": map("mountPath"),
  "conditions": map("type"),
  "hostAliases": map("ip"),
  "imagePullSecrets": map("name"),
  "topologySpreadConstraints": map("topologyKey", "whenUnsatisfiable"),
  "ownerReferences": map("uid"),
  "finalizers": { type: "set" },
  "podIPs": map("ip"),
  "hostIPs": map("ip"),
  "secrets": map("name"),
  "Node/addresses": map("type"),
  "podCIDRs": { type: "set" },
};

/**
 * The shape of the list at a path of member names (list elements add no step).
 *
 * @example
 * ```ts
 * import { listShape } from "./merge_keys.ts";
 * if (listShape("Service", ["spec", "ports"]).type !== "map") throw new Error("ports merge");
 * ```
 */
export function listShape(kind: string, path: readonly string[]): ListShape {
  const name = path.at(-1) ?? "";
  const pair = `${path.at(-2) ?? ""}.${name}`;
  return SHAPES[`${kind}/${name}`] ?? SHAPES[pair] ?? SHAPES[name] ?? ATOMIC;
}
