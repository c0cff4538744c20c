import { ownMember } from "./own_member.ts";

/** Labels of an object. */
export type Labels = Readonly<Record<string, string>>;

/** `meta/v1` LabelSelector. */
export interface LabelSelector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly LabelRequirement[];
}

/** One line of a selector; `values` counts for In and NotIn. */
export interface LabelRequirement {
  readonly key: string;
  readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
  readonly values?: readonly string[];
}

/** True when labels fulfil every line of a selector; an empty one selects all. */
export function selects(
  { matchLabels = {}, matchExpressions = [] }: LabelSelector,
  labels: Labels,
): boolean {
  const label = (key: string) => ownMember(labels, key);
  return Object.entries(matchLabels).every(([key, value]) => label(key) === value) &&
    matchExpressions.every((line) => meets(line, label(line.key)));
}

function meets({ operator, values = [] }: LabelRequirement, value: string | undefined): boolean {
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
