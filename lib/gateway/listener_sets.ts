import { ownMember } from "../core/mod.ts";
import { byAge, nameOf } from "./names.ts";
import type { GatewayInput } from "./plan_types.ts";
import { type Labels, selects } from "../core/mod.ts";
import type { ListenerSet, NamespaceRule } from "./types.ts";

/** ListenerSets of a Gateway. */
export interface SortedSets {
  /** Those that the Gateway lets in, in order of precedence. */
  readonly allowed: readonly ListenerSet[];
  readonly refused: readonly ListenerSet[];
}

/** Parts the ListenerSets by `spec.allowedListeners`, which lets in nobody by default. */
export function sortSets(input: GatewayInput): SortedSets {
  const rule = input.gateway.spec.allowedListeners?.namespaces ?? {};
  const home = nameOf(input.gateway).namespace;
  const sorted = input.listenerSets.toSorted(byAge);
  const isAllowed = (set: ListenerSet) => {
    const { namespace } = nameOf(set);
    return admits({ from: "None", ...rule }, {
      home,
      namespace,
      labels: ownMember(input.namespaces, namespace) ?? {},
    });
  };
  return { allowed: sorted.filter(isAllowed), refused: sorted.filter((set) => !isAllowed(set)) };
}

/** A namespace that wants in, and the one that the rule stands in. */
export interface Applicant {
  readonly home: string;
  readonly namespace: string;
  readonly labels: Labels;
}

/** True when a rule lets a namespace in; `Same` where the rule does not say. */
export function admits(rule: NamespaceRule, { home, namespace, labels }: Applicant): boolean {
  switch (rule.from ?? "Same") {
    case "All":
      return true;
    case "None":
      return false;
    case "Same":
      return namespace === home;
    case "Selector":
      return rule.selector !== undefined && selects(rule.selector, labels);
  }
}
