import { getLogger } from "@logtape/logtape";
import { errorText } from "../../core/mod.ts";
import { decodeNode, decodeService, EventRecorder } from "../../kube/mod.ts";
import type { Settings } from "../options.ts";
import { healthPlace } from "./health_place.ts";
import { vipMode } from "./keepalived_settings.ts";
import { type Duty, runReplica } from "./replica.ts";
import { configMapsPath, decodeConfigMap, vipConfigMapOf } from "./vip_config_map.ts";
import { VipController } from "./vip_controller.ts";
import { VipMetrics } from "./vip_metrics.ts";
import { VipReports } from "./vip_reports.ts";
import { VipStore } from "./vip_store.ts";
import { watchInto } from "./vip_watch.ts";
import { Wake } from "./wake.ts";

const log = getLogger(["berth", "keepalived"]);

/** Name of the Lease. The peer's lock is an Endpoints object that any other controller manager holds. */
export const keepalivedLease = "berth-keepalived";

/** Options of {@link serveKeepalived}. */
export interface ServeKeepalivedOptions {
  readonly signal: AbortSignal;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** `berth keepalived`: gives addresses through the VIP ConfigMap until the signal aborts. */
export async function serveKeepalived(
  settings: Settings,
  options: ServeKeepalivedOptions,
): Promise<void> {
  const mode = vipMode(settings);
  const { namespace, name, pool } = mode;
  log.info("VIP ConfigMap", { namespace, name, cidr: pool?.cidr ?? "none" });
  await runReplica({
    ...options,
    settings,
    leaseName: keepalivedLease,
    monitor: healthPlace("keepalived", settings),
    work: (duty) => giveVips(mode, duty),
  });
}

/** Watches Services and the ConfigMap, and settles what they ask for. */
export async function giveVips(mode: ReturnType<typeof vipMode>, duty: Duty): Promise<void> {
  const { client, clock, signal, metrics, unready } = duty;
  const store = new VipStore();
  const wake = new Wake();
  const events = new EventRecorder({
    client,
    clock,
    signal,
    onError: (error) => log.warn("event not written", { error: errorText(error) }),
  });
  const controller = new VipController({
    ...{ mode, client, clock, signal, store, wake, unready },
    reports: new VipReports({ record: (service, note) => events.record(service, note) }),
    metrics: new VipMetrics(metrics),
  });
  const watch = watchInto(duty, wake);
  await Promise.all([
    watch({
      path: "/api/v1/services",
      decode: decodeService,
      sync: (all) => store.syncServices(all),
      applied: (service) => store.putService(service),
      deleted: (service) => store.dropService(service),
    }),
    watch({
      path: configMapsPath(mode),
      fieldSelector: `metadata.name=${mode.name}`,
      decode: decodeConfigMap,
      sync: (all) => store.syncConfigMap(all),
      applied: (object) => store.putConfigMap(vipConfigMapOf(object)),
      deleted: () => store.dropConfigMap(),
    }),
    watch({
      path: "/api/v1/nodes",
      decode: decodeNode,
      sync: (all) => store.syncNodes(all),
      applied: (node) => store.putNode(node),
      deleted: (node) => store.dropNode(node),
      refused: withoutNodes(store),
    }),
    controller.run(),
  ]);
  await events.flushed();
}

/** Goes on as the peer, which sees no nodes; told once, and no news after that. */
function withoutNodes(store: VipStore): () => boolean {
  let told = false;
  return () => {
    if (told) return false;
    told = true;
    log.warn("nodes may not be read, so an address that a node has may be given", {
      grant: "list and watch of nodes, as berth manifests keepalived prints it",
    });
    store.syncNodes(undefined);
    return true;
  };
}
