import { systemClock } from "../lib/core/mod.ts";
import type { WorkerInit, WorkerNotice } from "../lib/dispatch/types.ts";
import type { LogFiles } from "../lib/planes/envoy/mod.ts";
import type { Plane, PlaneEvents, PlaneName, RoutePlane } from "../lib/planes/types.ts";

/**
 * Makes the planes that a cluster has; their news go to the main isolate. A plane is loaded only
 * when it is used, so that a worker holds neither code nor permissions for the others.
 */
export async function createPlanes(
  init: WorkerInit,
  notice: (notice: WorkerNotice) => void,
): Promise<ReadonlyMap<PlaneName, Plane>> {
  const events: PlaneEvents = {
    moved: (served) => notice({ kind: "moved", served }),
    broken: (keys, reason) => notice({ kind: "broken", keys, reason }),
  };
  const planes = new Map<PlaneName, Plane>();
  for (const name of init.planes) planes.set(name, await createPlane(name, init, events));
  return planes;
}

/** True for planes that understand hosts and paths. */
export function isRoutePlane(plane: Plane): plane is RoutePlane {
  return "ensureRoutes" in plane;
}

async function createPlane(
  name: PlaneName,
  init: WorkerInit,
  events: PlaneEvents,
): Promise<Plane> {
  if (name === "embedded") {
    const { createEmbeddedPlane } = await import("../lib/planes/embedded/mod.ts");
    return createEmbeddedPlane({ events });
  }
  const { createEngine } = await import("../lib/runtime/mod.ts");
  const engine = createEngine({ socketPath: init.socketPath ?? "" });
  if (name === "envoy") {
    const { createEnvoyPlane } = await import("../lib/planes/envoy/mod.ts");
    const { cluster, envoy: { logs: directory, ...envoy } = {} } = init;
    const logs = directory === undefined ? {} : { logs: logFiles(directory) };
    return createEnvoyPlane({ ...envoy, ...logs, cluster, engine, events, clock: systemClock });
  }
  const { createKernelPlane, NODE_SHELL } = await import("../lib/planes/kernel/mod.ts");
  return createKernelPlane({
    cluster: init.cluster,
    openSession: (container) => engine.session(container, NODE_SHELL),
    events,
    clock: systemClock,
  });
}

/** Logs may tell of requests: their owner alone reads them. */
function logFiles(directory: string): LogFiles {
  return {
    directory,
    async write(path, content) {
      await Deno.mkdir(directory, { recursive: true });
      await Deno.writeFile(path, content, { mode: 0o600 });
    },
  };
}
