import type { Condition } from "../../kube/types.ts";
import { isOurController } from "./gateway_owner.ts";

/** What one controller says of an object below one parent or ancestor. */
export interface StatusEntry {
  readonly controllerName: string;
  readonly conditions?: readonly Condition[];
}

/** How entries of one object are told apart. */
export interface EntryRules<E extends StatusEntry> {
  /** Both are about the same parent. */
  same(a: E, b: E): boolean;
  /** An entry of ours whose Gateway has not been planned yet: it stays until then. */
  pending(entry: E): boolean;
  /** As the API limits the list. */
  readonly most: number;
}

/**
 * The entries that an object should carry: those of other controllers as they are and where they
 * are, ours as wanted, none for parents that are no longer ours.
 */
export function mergeEntries<E extends StatusEntry>(
  before: readonly E[],
  wanted: readonly E[],
  rules: EntryRules<E>,
): readonly E[] {
  const left = [...wanted];
  const kept = before.flatMap((old): readonly E[] => {
    if (!isOurController(old.controllerName)) return [old];
    const at = left.findIndex((entry) =>
      entry.controllerName === old.controllerName && rules.same(entry, old)
    );
    const [found] = at < 0 ? [] : left.splice(at, 1);
    if (found === undefined) return rules.pending(old) ? [old] : [];
    return [{ ...found, ...steadyConditions(found.conditions, old.conditions) }];
  });
  return [...kept, ...left].slice(0, Math.max(rules.most, kept.length));
}

/** Conditions with the times of those before whose status did not change. */
export function steady(
  next: readonly Condition[],
  before: readonly Condition[] | undefined,
): readonly Condition[] {
  return next.map((condition) => {
    const old = before?.find(({ type }) => type === condition.type);
    return old?.status === condition.status
      ? { ...condition, lastTransitionTime: old.lastTransitionTime }
      : condition;
  });
}

function steadyConditions(
  next: readonly Condition[] | undefined,
  before: readonly Condition[] | undefined,
): { readonly conditions?: readonly Condition[] } {
  return next === undefined ? {} : { conditions: steady(next, before) };
}
