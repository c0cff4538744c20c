import type { Settings } from "../options.ts";
import { serveReplicaOfIpam } from "./ipam_controller.ts";
import { runReplica } from "./replica.ts";

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
    monitor: { host: settings.bindAddress, port: settings.securePort },
    work: (duty) => serveReplicaOfIpam(settings, duty),
  });
}
