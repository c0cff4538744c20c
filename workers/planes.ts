import { systemClock } from "../lib/core/mod.ts";
import type { WorkerInit, WorkerNotice } from "../lib/dispatch/types.ts";
import { createEmbeddedPlane } from "../lib/planes/embedded/mod.ts";
import { createKernelPlane } from "../lib/planes/kernel/mod.ts";
import type { Plane, PlaneEvents, PlaneName } from "../lib/planes/types.ts";
import { createEngine } from "../lib/runtime/mod.ts";

/** Makes the planes that a cluster has; their news go to the main isolate. */
export function createPlanes(
  init: WorkerInit,
  notice: (notice: WorkerNotice) => void,
): ReadonlyMap<PlaneName, Plane> {
  const events: PlaneEvents = {
    moved: (served) => notice({ kind: "moved", served }),
    broken: (keys, reason) => notice({ kind: "broken", keys, reason }),
  };
  return new Map(init.planes.map((name) => [name, createPlane(name, init, events)]));
}

function createPlane(name: PlaneName, init: WorkerInit, events: PlaneEvents): Plane {
  if (name === "embedded") return createEmbeddedPlane({ events });
  const engine = createEngine({ socketPath: init.socketPath ?? "" });
  return createKernelPlane({
    cluster: init.cluster,
    openSession: (container) => engine.session(container, ["bash"]),
    events,
    clock: systemClock,
  });
}
