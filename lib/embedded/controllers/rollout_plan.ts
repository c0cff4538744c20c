import { asNumber, asObject, asString, at, type Json } from "../json.ts";
import type { KubeObject } from "../types.ts";

/** How many replicas each ReplicaSet of a Deployment should have now. */
export interface RolloutPlan {
  readonly newReplicas: number;
  /** By ReplicaSet name. */
  readonly oldReplicas: ReadonlyMap<string, number>;
}

/** What a rollout looks like at one moment. */
export interface RolloutState {
  readonly deployment: KubeObject;
  readonly current: KubeObject | undefined;
  readonly old: readonly KubeObject[];
}

function replicas(set: KubeObject | undefined): number {
  return asNumber(set?.spec?.["replicas"]);
}

function available(set: KubeObject | undefined): number {
  return asNumber(set?.status?.["availableReplicas"]);
}

/** Resolves a number or a percentage of the replicas. */
export function resolveShare(value: Json | undefined, total: number, up: boolean): number {
  if (typeof value === "number") return value;
  const percent = Number(asString(value).replace(/%$/, "")) || 0;
  return (up ? Math.ceil : Math.floor)((total * percent) / 100);
}

function limits(deployment: KubeObject, total: number) {
  const rolling = asObject(at(deployment.spec, "strategy", "rollingUpdate"));
  const surge = resolveShare(rolling["maxSurge"], total, true);
  const missing = resolveShare(rolling["maxUnavailable"], total, false);
  return { surge, missing: surge === 0 && missing === 0 ? 1 : missing };
}

function recreate({ deployment, old }: RolloutState): RolloutPlan {
  const left = old.some((set) => asNumber(set.status?.["replicas"]) > 0 || replicas(set) > 0);
  return {
    newReplicas: left ? 0 : replicas(deployment),
    oldReplicas: new Map(old.map((set) => [set.metadata.name, 0])),
  };
}

/** Old sets give up what is not available first, then what the new set can stand in for. */
function shrunk(old: readonly KubeObject[], budget: number): ReadonlyMap<string, number> {
  let left = Math.max(0, budget);
  const result = new Map<string, number>();
  for (const set of old) {
    const broken = Math.max(0, replicas(set) - available(set));
    const dropped = Math.min(broken, left);
    left -= dropped;
    result.set(set.metadata.name, replicas(set) - dropped);
  }
  for (const [name, count] of result) {
    const dropped = Math.min(count, left);
    left -= dropped;
    result.set(name, count - dropped);
  }
  return result;
}

/** The next step of a rollout: never more Pods than the surge allows, never too few available. */
export function planRollout(state: RolloutState): RolloutPlan {
  const { deployment, current, old } = state;
  const total = replicas(deployment);
  if (at(deployment.spec, "strategy", "type") === "Recreate") return recreate(state);
  const { surge, missing } = limits(deployment, total);
  const oldTotal = old.reduce((sum, set) => sum + replicas(set), 0);
  if (oldTotal === 0) return { newReplicas: total, oldReplicas: new Map() };
  const room = Math.max(0, total + surge - oldTotal - replicas(current));
  const newReplicas = Math.min(total, replicas(current) + room);
  const waiting = Math.max(0, newReplicas - available(current));
  const budget = oldTotal + newReplicas - (total - missing) - waiting;
  return { newReplicas, oldReplicas: shrunk(old, budget) };
}
