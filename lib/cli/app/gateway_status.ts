import type { GatewayStatus, ListenerSetStatus, ListenerStatus } from "../../gateway/types.ts";
import { steady } from "./status_entries.ts";

/** A Gateway's or ListenerSet's status with the times of conditions that did not change. */
export function steadyStatus<S extends GatewayStatus | ListenerSetStatus>(
  next: S,
  before: GatewayStatus | ListenerSetStatus | undefined,
): S {
  return {
    ...next,
    ...(next.conditions === undefined
      ? {}
      : { conditions: steady(next.conditions, before?.conditions) }),
    ...(next.listeners === undefined
      ? {}
      : { listeners: next.listeners.map((one) => steadyListener(one, before?.listeners)) }),
  };
}

function steadyListener(
  next: ListenerStatus,
  before: readonly ListenerStatus[] | undefined,
): ListenerStatus {
  const old = before?.find(({ name }) => name === next.name);
  return { ...next, conditions: steady(next.conditions, old?.conditions) };
}
