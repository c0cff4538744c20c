import type { Condition } from "../kube/types.ts";

/** A condition before it is stamped with generation and time. */
export interface Finding {
  readonly type: string;
  readonly status: "True" | "False" | "Unknown";
  readonly reason: string;
  readonly message: string;
}

/** What {@link stamp} needs besides the findings. */
export interface StampOptions {
  /** Conditions that the object carries now; those of other types are kept. */
  readonly before: readonly Condition[] | undefined;
  readonly generation: number | undefined;
  /** RFC 3339. */
  readonly now: string;
  /** Types that vanish when no finding names them, though they stood there before. */
  readonly drop?: readonly string[];
}

/** Longest message, in characters; the API takes 32768 bytes, of which people read no more. */
const MAX_MESSAGE = 4096;

/** Something is as its type says. */
export function yes(type: string, reason: string, message = ""): Finding {
  return { type, status: "True", reason, message };
}

/** Something is not as its type says. */
export function no(type: string, reason: string, message = ""): Finding {
  return { type, status: "False", reason, message };
}

/**
 * Findings as `meta/v1` conditions: a condition's transition time moves only when its status does,
 * and conditions of other types stay where they are.
 */
export function stamp(findings: readonly Finding[], options: StampOptions): readonly Condition[] {
  const before = options.before ?? [];
  const fresh = new Map(findings.map((finding) => [finding.type, finding]));
  const kept = before.flatMap((old) => {
    const finding = fresh.get(old.type);
    if (finding === undefined) return options.drop?.includes(old.type) ? [] : [old];
    fresh.delete(old.type);
    return [stamped(finding, old, options)];
  });
  return [...kept, ...[...fresh.values()].map((finding) => stamped(finding, undefined, options))];
}

function stamped(finding: Finding, old: Condition | undefined, options: StampOptions): Condition {
  const { generation, now } = options;
  const { message } = finding;
  return {
    ...finding,
    message: message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE)}…` : message,
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    lastTransitionTime: old?.status === finding.status ? old.lastTransitionTime : now,
  };
}
