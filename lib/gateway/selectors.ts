import { ownMember } from "../core/mod.ts";
import type { LabelSelector } from "./types.ts";

/** Labels of an object. */
export type Labels = Readonly<Record<string, string>>;

/** True when labels fulfil a `meta/v1` LabelSelector: an empty one selects all, none nothing. */
export function selects(selector: LabelSelector | undefined, labels: Labels): boolean {
  if (selector === undefined) return false;
  const equal = Object.entries(selector.matchLabels ?? {})
    .every(([key, value]) => ownMember(labels, key) === value);
  return equal && (selector.matchExpressions ?? []).every((part) => holds(part, labels));
}

type Expression = NonNullable<LabelSelector["matchExpressions"]>[number];

function holds({ key, operator, values = [] }: Expression, labels: Labels): boolean {
  const value = ownMember(labels, key);
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
  }
}
