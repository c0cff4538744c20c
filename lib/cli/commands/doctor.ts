import {
  checkEngine,
  checkLoopback,
  checkNetwork,
  type DoctorSession,
  skipped,
} from "../doctor_checks.ts";
import { checkCluster, findClusters } from "../doctor_clusters.ts";
import { type Check, doctorText, hasFailure } from "../doctor_view.ts";
import type { CommandContext, DoctorPorts } from "../ports.ts";

/** `berth doctor`: every check runs that still has a point; exit code 1 when one fails. */
export async function doctor(context: CommandContext, ports: DoctorPorts): Promise<number> {
  const { settings, streams, signal } = context;
  const checks = await examine({ ports, signal }, settings.clusters);
  streams.out(
    settings.output === "json"
      ? `${JSON.stringify({ ready: !hasFailure(checks), checks }, undefined, 2)}\n`
      : doctorText(checks),
  );
  return hasFailure(checks) ? 1 : 0;
}

async function examine(
  session: DoctorSession,
  chosen: readonly string[],
): Promise<readonly Check[]> {
  const engine = await checkEngine(session);
  const loopback = await checkLoopback(session);
  if (engine.verdict !== "ok") {
    return [
      engine,
      skipped("network", "needs the engine"),
      skipped("clusters", "needs the engine"),
      loopback,
    ];
  }
  const network = await checkNetwork(session);
  const found = await findClusters(session, chosen);
  const perCluster = await Promise.all(
    found.clusters.map((cluster) => checkCluster(session, cluster)),
  );
  return [engine, network, found.check, ...perCluster.flat(), loopback];
}
