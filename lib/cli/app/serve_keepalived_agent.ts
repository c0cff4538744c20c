import { getLogger } from "@logtape/logtape";
import { type Clock, errorText, isDenied, systemClock } from "../../core/mod.ts";
import { renderConf, type VrrpOptions } from "../../keepalived/mod.ts";
import {
  createKubeClient,
  decodeEndpointSlice,
  decodeService,
  type KubeClient,
} from "../../kube/mod.ts";
import { SERVICE_NAME_LABEL } from "../../services/mod.ts";
import type { Settings } from "../options.ts";
import { agentRights, demand, granted, kubeconfigRight } from "./agent_rights.ts";
import { clusterConfig } from "./cluster_config.ts";
import { ConfKeeper } from "./conf_keeper.ts";
import { KeepalivedChild, keepalivedPorts } from "./keepalived_process.ts";
import { type ObjectPlace, vipConfigMapPlace, vrrpSettings } from "./keepalived_settings.ts";
import { ServiceStore } from "./service_store.ts";
import {
  configMapsPath,
  decodeConfigMap,
  missingConfigMap,
  vipConfigMapOf,
} from "./vip_config_map.ts";
import { watchInto } from "./vip_watch.ts";
import { Wake } from "./wake.ts";

const log = getLogger(["berth", "keepalived"]);

/** News within this time are one change of the file, milliseconds. */
const gatherMs = 20;
/** A file that was refused is tried again after so long: an interface may have come up. */
const retryMs = 15_000;

/** Options of {@link serveKeepalivedAgent}. */
export interface AgentOptions {
  readonly signal: AbortSignal;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock?: Clock;
}

/** `berth keepalived agent`: keeps a local keepalived in step with the VIP ConfigMap. */
export async function serveKeepalivedAgent(
  settings: Settings,
  { signal, env, clock = systemClock }: AgentOptions,
): Promise<void> {
  const vrrp = vrrpSettings(settings);
  const place = vipConfigMapPlace(settings);
  const client = createKubeClient(await permittedConfig(settings, env));
  const { keepalivedConf: conf, keepalivedPid: pidFile, keepalivedProgram: program } = settings;
  const { vrrpOnly, spawn } = settings;
  const options = { program, conf, pidFile, vrrpOnly, clock };
  await using stack = new AsyncDisposableStack();
  stack.defer(() => client.close());
  const child = spawn ? stack.use(new KeepalivedChild(options)) : undefined;
  const keeper = new ConfKeeper(child?.ports() ?? keepalivedPorts(options));
  await new Agent({ place, vrrp, vrrpOnly, client, clock, signal, keeper }).run();
}

/** The kubeconfig, when the agent may do all that it has to. */
async function permittedConfig(settings: Settings, env: AgentOptions["env"]): Promise<string> {
  const reading = kubeconfigRight(settings, env["HOME"]);
  if (!granted(reading.descriptor)) demand([reading, ...agentRights(settings, undefined)]);
  const kubeconfig = await clusterConfig(settings, env);
  demand(agentRights(settings, kubeconfig));
  return kubeconfig;
}

interface AgentParts {
  readonly place: ObjectPlace;
  readonly vrrp: VrrpOptions;
  readonly vrrpOnly: boolean;
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly keeper: ConfKeeper;
}

/** Watches, renders, keeps. */
class Agent {
  readonly #parts: AgentParts;
  readonly #wake = new Wake();
  readonly #services = new ServiceStore();
  /** Entries of the ConfigMap; undefined: there is none. */
  #data: Readonly<Record<string, string>> | undefined;
  /** Listings still to come. */
  #missing: number;
  #told = "";

  constructor(parts: AgentParts) {
    this.#parts = parts;
    this.#missing = parts.vrrpOnly ? 1 : 3;
  }

  async run(): Promise<void> {
    await Promise.all([...this.#watches(), this.#loop()]);
  }

  async #loop(): Promise<void> {
    const { signal, clock } = this.#parts;
    while (!signal.aborted) {
      await this.#wake.next(signal);
      await clock.sleep(gatherMs, signal).catch(() => {});
      if (signal.aborted || this.#missing > 0) continue;
      const again = await this.#keep();
      if (again) void clock.sleep(retryMs, signal).then(() => this.#wake.wake(), () => {});
    }
  }

  /** True when it is worth another try. */
  async #keep(): Promise<boolean> {
    const { place, keeper } = this.#parts;
    if (this.#data === undefined) {
      // addresses that are up stay up: somebody deleted the ConfigMap, not the Services
      this.#tell(errorText(missingConfigMap(place)));
      return false;
    }
    const { text, problems } = this.#rendered(this.#data);
    this.#tell(problems.join("; "));
    try {
      const kept = await keeper.keep(text);
      if (kept.kind === "adopted") log.info("keepalived has a new configuration");
      return kept.kind === "refused";
    } catch (error) {
      if (isDenied(error)) throw error;
      log.error("keepalived not kept in step, trying again", { error: errorText(error) });
      return true;
    }
  }

  #rendered(data: Readonly<Record<string, string>>) {
    const { vrrp, vrrpOnly } = this.#parts;
    const base = { data, vrrp };
    return renderConf(
      vrrpOnly ? base : { ...base, known: (key) => this.#services.known(key) },
    );
  }

  #tell(trouble: string): void {
    if (trouble !== "" && trouble !== this.#told) log.warn("left out", { trouble });
    this.#told = trouble;
  }

  #watches(): readonly Promise<void>[] {
    const { place, vrrpOnly } = this.#parts;
    const store = this.#services;
    const watch = watchInto(this.#parts, this.#wake);
    const synced = once(() => this.#missing--);
    return [
      watch({
        path: configMapsPath(place),
        fieldSelector: `metadata.name=${place.name}`,
        decode: decodeConfigMap,
        sync: synced(([object]) => {
          this.#data = object === undefined ? undefined : vipConfigMapOf(object).data;
        }),
        applied: (object) => this.#data = vipConfigMapOf(object).data,
        deleted: () => this.#data = undefined,
      }),
      ...vrrpOnly ? [] : [
        watch({
          path: "/api/v1/services",
          decode: decodeService,
          sync: synced((all) => store.syncServices(all)),
          applied: (service) => store.putService(service),
          deleted: (service) => store.removeService(service),
        }),
        watch({
          path: "/apis/discovery.k8s.io/v1/endpointslices",
          labelSelector: SERVICE_NAME_LABEL,
          decode: decodeEndpointSlice,
          sync: synced((all) => store.syncSlices(all)),
          applied: (slice) => store.putSlice(slice),
          deleted: (slice) => store.removeSlice(slice),
        }),
      ],
    ];
  }
}

/** Wraps takers of listings, so that the first listing of each counts. */
function once(first: () => void) {
  return <T>(take: (objects: readonly T[]) => unknown) => {
    let seen = false;
    return (objects: readonly T[]) => {
      take(objects);
      if (!seen) first();
      seen = true;
    };
  };
}
