import type { Settings } from "../options.ts";
import { healthPlace } from "./health_place.ts";
import { IpamController } from "./ipam_controller.ts";
import { IpamMetrics } from "./ipam_metrics.ts";
import { runIpamSession } from "./ipam_session.ts";
import { type Duty, runReplica } from "./replica.ts";

/** Name of the peer's Lease in its manifest: whoever holds it gives addresses, the other waits. */
export const ipamLease = "kube-vip-cloud-controller";

/** Options of {@link serveIpam}. */
export interface ServeIpamOptions {
  readonly signal: AbortSignal;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** `berth ipam`: gives addresses out of the pools of a ConfigMap until the signal aborts. */
export async function serveIpam(settings: Settings, options: ServeIpamOptions): Promise<void> {
  await runReplica({
    ...options,
    settings,
    leaseName: ipamLease,
    monitor: healthPlace("ipam", settings),
    work: (duty) => leadIpam(settings, duty),
  });
}

/** Gives addresses while this replica leads. */
export async function leadIpam(settings: Settings, duty: Duty): Promise<void> {
  const { client, clock, signal, metrics, unready } = duty;
  unready("Services and pools are not known yet");
  const controller = new IpamController({
    ...{ client, clock, signal },
    mode: {
      loadBalancerClass: settings.enableLoadBalancerClass
        ? settings.loadBalancerClassName
        : undefined,
    },
    metrics: new IpamMetrics(metrics),
    concurrency: settings.concurrentServiceSyncs,
    random: Math.random,
  });
  const { poolNamespace, poolConfigMap } = settings;
  await Promise.all([
    controller.run(),
    runIpamSession({
      ...{ client, controller, clock, signal, unready, poolNamespace, poolConfigMap },
      random: Math.random,
    }),
  ]);
}
