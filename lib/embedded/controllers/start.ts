import type { BackendRunner } from "../backends/types.ts";
import type { Registry } from "../registry.ts";
import { startDeployments } from "./deployments.ts";
import { startEndpointSlices } from "./endpoint_slices.ts";
import { startGarbageCollector } from "./garbage.ts";
import { startNamespaces } from "./namespaces.ts";
import { startNodeAgent } from "./node_agent.ts";
import { startReplicaSets } from "./replica_sets.ts";
import { startScheduler } from "./scheduler.ts";

/** Which controllers run. Namespaces and garbage collection always do. */
export interface ControllerOptions {
  /** Makes EndpointSlices from Services and Pods. */
  readonly endpointSlices: boolean;
  /** Runs Deployments, ReplicaSets and Pods; without one they just lie there. */
  readonly runner?: BackendRunner | undefined;
}

/** Starts controllers; the result stops them and every Pod that they run. */
export function startControllers(
  registry: Registry,
  { endpointSlices, runner }: ControllerOptions,
): () => Promise<void> {
  const stops: (() => void)[] = [startNamespaces(registry), startGarbageCollector(registry)];
  if (endpointSlices) stops.push(startEndpointSlices(registry));
  if (!runner) return () => Promise.resolve(stops.forEach((stop) => stop()));
  stops.push(startDeployments(registry), startReplicaSets(registry), startScheduler(registry));
  const stopAgent = startNodeAgent(registry, runner);
  return async () => {
    for (const stop of stops) stop();
    await stopAgent();
  };
}
