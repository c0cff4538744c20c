/** A Pod's status from what is known of its containers. Pure. */
import type { Condition, ContainerState, Pod } from "./types.ts";

/** What a status is made from. */
export interface StatusInput {
  readonly pod: Pod;
  readonly containers: readonly ContainerState[];
  readonly podIPs: readonly string[];
  readonly hostIPs: readonly string[];
  /** RFC 3339. */
  readonly now: string;
}

/** The body of a merge patch of the Pod's status. */
export function podStatus(input: StatusInput): Record<string, unknown> {
  const { pod, containers, now } = input;
  const phase = phaseOf(pod, containers);
  const ready = phase === "Running" && containers.every((one) => one.ready && !one.ended);
  return {
    phase,
    hostIP: input.hostIPs[0],
    hostIPs: input.hostIPs.map((ip) => ({ ip })),
    podIP: input.podIPs[0],
    podIPs: input.podIPs.map((ip) => ({ ip })),
    startTime: pod.status?.startTime ?? now,
    conditions: conditions(pod, ready, now),
    containerStatuses: containers.map(containerStatus),
  };
}

/** The status of a Pod whose containers cannot be started. */
export function failedStart(pod: Pod, message: string): Record<string, unknown> {
  return {
    phase: "Pending",
    containerStatuses: pod.spec.containers.map((container) => ({
      name: container.name,
      image: container.image,
      imageID: "",
      ready: false,
      restartCount: 0,
      state: { waiting: { reason: "CreateContainerError", message } },
    })),
  };
}

function phaseOf(pod: Pod, containers: readonly ContainerState[]): string {
  const ended = containers.every((one) => one.ended !== undefined);
  if (!ended || (pod.spec.restartPolicy ?? "Always") === "Always") return "Running";
  return containers.every((one) => one.ended?.exitCode === 0) ? "Succeeded" : "Failed";
}

/** Keeps the time of a condition whose status stays the same, and conditions of others. */
function conditions(pod: Pod, ready: boolean, now: string): Condition[] {
  const wanted = new Map<string, boolean>([
    ["Initialized", true],
    ["PodScheduled", true],
    ["ContainersReady", ready],
    ["Ready", ready],
  ]);
  const before = pod.status?.conditions ?? [];
  const others = before.filter((one) => !wanted.has(one.type));
  const ours = [...wanted].map(([type, holds]): Condition => {
    const status = holds ? "True" : "False";
    const same = before.find((one) => one.type === type && one.status === status);
    return { type, status, lastTransitionTime: same?.lastTransitionTime ?? now };
  });
  return [...ours, ...others];
}

function containerStatus(one: ContainerState): Record<string, unknown> {
  const containerID = `docker://${one.id}`;
  const state = one.ended
    ? {
      running: null,
      terminated: {
        exitCode: one.ended.exitCode,
        reason: one.ended.exitCode === 0 ? "Completed" : "Error",
        startedAt: one.startedAt,
        finishedAt: one.ended.at,
        containerID,
      },
    }
    : { running: { startedAt: one.startedAt } };
  return {
    name: one.name,
    image: one.image,
    imageID: one.image,
    containerID,
    ready: one.ready && !one.ended,
    started: !one.ended,
    restartCount: one.restarts,
    state,
  };
}
