import type { GatewayStatus, ListenerSetStatus, ListenerStatus } from "../../gateway/types.ts";
import type { Condition } from "../../kube/types.ts";
import type { AnyStatus } from "./object_writer.ts";

/** Why nothing serves an object any more. */
export interface Ending {
  /** For people: the message of the conditions. */
  readonly message: string;
  /** Time of the change, RFC 3339. */
  readonly now: string;
  /** Conditions of a later generation, or in other words, are not ours; absent: all are ours. */
  readonly until?: number;
}

/** What berth says of itself when it ends; the next one may run without Gateways. */
export const BERTH_ENDED = "berth serves this Gateway no more: start it, and without " +
  "--gateway-channel disabled";

/** What berth says of a Gateway whose class is another's, or gone. */
export const CLASS_LEFT = "berth serves the class of this Gateway no more";

/** The part of a status that changes when nothing serves any more; undefined when nothing does. */
export function endedStatus(
  status: GatewayStatus | ListenerSetStatus | undefined,
  ending: Ending,
): AnyStatus | undefined {
  const conditions = endedConditions(status?.conditions, ending);
  const listeners = endedListeners(status?.listeners, ending);
  if (conditions === undefined && listeners === undefined) return undefined;
  return {
    ...(conditions === undefined ? {} : { conditions }),
    ...(listeners === undefined ? {} : { listeners }),
  };
}

function endedListeners(
  listeners: readonly ListenerStatus[] | undefined,
  ending: Ending,
): readonly ListenerStatus[] | undefined {
  const next = listeners?.map((one) => ({
    ...one,
    conditions: endedConditions(one.conditions, ending) ?? one.conditions,
  }));
  const differs = next?.some((one, at) => one.conditions !== listeners?.[at]?.conditions);
  return differs === true ? next : undefined;
}

function endedConditions(
  conditions: readonly Condition[] | undefined,
  { message, now, until }: Ending,
): readonly Condition[] | undefined {
  const isOurs = ({ reason, message: words, observedGeneration = 0 }: Condition) =>
    until === undefined ||
    (observedGeneration <= until && reason === "Programmed" && words === "");
  const ends = (one: Condition) =>
    one.type === "Programmed" && one.status === "True" && isOurs(one);
  if (conditions?.some(ends) !== true) return undefined;
  return conditions.map((condition) =>
    ends(condition)
      ? { ...condition, status: "False", reason: "Pending", message, lastTransitionTime: now }
      : condition
  );
}
