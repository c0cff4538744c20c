import { equal, isArray, isObject, type Json, type JsonObject } from "./json.ts";
import { listShape } from "./merge_keys.ts";

/**
 * A set of fields in the FieldsV1 form (KEP-555): `f:name` is a member, `k:{…}` a keyed list
 * element, `v:…` a set element, `.` the node itself; an empty object is a leaf.
 */
export type FieldSet = { readonly [key: string]: FieldSet };

interface Place {
  readonly kind: string;
  readonly path: readonly string[];
}

function inside({ kind, path }: Place, step: string): Place {
  return { kind, path: [...path, step] };
}

/** The `k:` text of a list element under the keys of its list. */
export function elementKey(element: Json, keys: readonly string[]): string {
  const members = isObject(element) ? element : {};
  const pairs = keys.map((key) => [key, members[key] ?? (key === "protocol" ? "TCP" : undefined)]);
  return `k:${JSON.stringify(Object.fromEntries(pairs.sort()))}`;
}

/** Every field of a value at a place. */
export function fieldsOf(value: Json, place: Place): FieldSet {
  if (isObject(value)) {
    const entries = Object.entries(value).filter(([, member]) => member !== undefined);
    return Object.fromEntries(
      entries.map(([key, member]) => [`f:${key}`, fieldsOf(member ?? null, inside(place, key))]),
    );
  }
  if (!isArray(value)) return {};
  const shape = listShape(place.kind, place.path);
  if (shape.type === "atomic") return {};
  if (shape.type === "set") {
    return Object.fromEntries(value.map((item) => [`v:${JSON.stringify(item)}`, {}]));
  }
  return Object.fromEntries(
    value.map((item) => [elementKey(item, shape.keys), { ".": {}, ...fieldsOf(item, place) }]),
  );
}

/** The fields of `next` that `previous` lacks or has with another value. */
export function changedFields(
  next: Json,
  previous: Json | undefined,
  place: Place,
): FieldSet | undefined {
  if (previous === undefined) return fieldsOf(next, place);
  if (equal(next, previous)) return undefined;
  if (isObject(next) && isObject(previous)) {
    return collect(
      Object.entries(next).map(([key, member]) =>
        member === undefined
          ? [key, undefined]
          : [`f:${key}`, changedFields(member, previous[key], inside(place, key))]
      ),
    );
  }
  const shape = listShape(place.kind, place.path);
  if (!isArray(next) || !isArray(previous) || shape.type === "atomic") return {};
  if (shape.type === "set") {
    const added = next.filter((item) => !previous.some((other) => equal(item, other)));
    return collect(added.map((item) => [`v:${JSON.stringify(item)}`, {}]));
  }
  const old = new Map(previous.map((item) => [elementKey(item, shape.keys), item]));
  return collect(next.map((item) => {
    const key = elementKey(item, shape.keys);
    const known = old.get(key);
    if (known !== undefined) return [key, changedFields(item, known, place)];
    return [key, { ".": {}, ...fieldsOf(item, place) }];
  }));
}

function collect(
  pairs: readonly (readonly [string, FieldSet | undefined])[],
): FieldSet | undefined {
  const kept = pairs.filter((pair): pair is [string, FieldSet] => pair[1] !== undefined);
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

/** True when the node itself is in the set, not just something below it. */
function isMember(node: FieldSet | undefined): boolean {
  return node !== undefined && (Object.keys(node).length === 0 || Object.hasOwn(node, "."));
}

type Rule = (a: boolean, b: boolean) => boolean;

/** Joins two sets below their roots; a field is in the result when the rule says so. */
function join(a: FieldSet, b: FieldSet, rule: Rule): FieldSet {
  const result: Record<string, FieldSet> = {};
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    if (key === ".") continue;
    const [left, right] = [a[key], b[key]];
    const below = join(left ?? {}, right ?? {}, rule);
    const member = rule(isMember(left), isMember(right));
    const empty = Object.keys(below).length === 0;
    if (member) result[key] = empty ? {} : { ".": {}, ...below };
    else if (!empty) result[key] = below;
  }
  return result;
}

/** The fields that are in either set. */
export function union(a: FieldSet, b: FieldSet): FieldSet {
  return join(a, b, (left, right) => left || right);
}

/** The fields of `a` that are not in `b`. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  return join(a, b, (left, right) => left && !right);
}

/** The fields that are in both sets. */
export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  return join(a, b, (left, right) => left && right);
}

/** The set with everything above its fields added: who owns a part keeps the whole alive. */
export function withParents(set: FieldSet): FieldSet {
  const entries = Object.entries(set).filter(([key]) => key !== ".").map(([key, below]) => {
    const inner = withParents(below);
    return [key, Object.keys(inner).length === 0 ? {} : { ".": {}, ...inner }];
  });
  return Object.fromEntries(entries);
}

/** The leaves of a set as paths for people, such as `.spec.ports[port=80].nodePort`. */
export function leafPaths(set: FieldSet, prefix = ""): readonly string[] {
  return Object.entries(set).flatMap(([key, sub]) => {
    if (key === ".") return [];
    const path = prefix + stepText(key);
    const below = leafPaths(sub, path);
    return below.length > 0 ? below : [path];
  });
}

function stepText(key: string): string {
  if (key.startsWith("f:")) return `.${key.slice(2)}`;
  if (key.startsWith("v:")) return `[=${key.slice(2)}]`;
  const keys = Object.entries(JSON.parse(key.slice(2)) as JsonObject);
  return `[${keys.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(",")}]`;
}
