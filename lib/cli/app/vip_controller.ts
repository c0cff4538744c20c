import { getLogger } from "@logtape/logtape";
import { AppError, type Clock, errorText } from "../../core/mod.ts";
import { planVips, serviceKey, wantsVip } from "../../keepalived/mod.ts";
import type { VipConfigMap, VipPlan, VipRecord, VipRelease } from "../../keepalived/types.ts";
import { decodeService, type KubeClient, KubeError, servicePath } from "../../kube/mod.ts";
import type { Service } from "../../kube/types.ts";
import {
  configMapPath,
  decodeConfigMap,
  missingConfigMap,
  vipConfigMapOf,
} from "./vip_config_map.ts";
import { readConfigMap } from "./vip_config_map.ts";
import type { VipMode } from "./keepalived_settings.ts";
import type { VipMetrics } from "./vip_metrics.ts";
import type { VipReports } from "./vip_reports.ts";
import { type StatusChange, statusChanges, writeStatus } from "./vip_status.ts";
import type { VipStore } from "./vip_store.ts";
import type { Wake } from "./wake.ts";

const log = getLogger(["berth", "keepalived"]);

/** News within this time are answered by one write of the ConfigMap, milliseconds. */
const gatherMs = 20;
/** Back-off after a failure, milliseconds. */
const firstDelay = 250;
const longestDelay = 30_000;
/** Statuses that are written at the same time. */
const writers = 8;
/** Plans in a row that somebody else's write made void before the next look. */
const longestRace = 20;

/** Options of {@link VipController}. */
export interface VipControllerOptions {
  readonly mode: VipMode;
  readonly client: Pick<KubeClient, "get" | "patch">;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly store: VipStore;
  readonly wake: Wake;
  readonly reports: VipReports;
  readonly metrics: VipMetrics;
  /** Tells why nothing can be done now; undefined: it can. */
  unready(problem: string | undefined): void;
}

/** Looks at everything, plans, writes the ConfigMap, then statuses and events; one look at a time. */
export class VipController {
  readonly #options: VipControllerOptions;
  #failures = 0;
  /** The trouble that was last logged; it is logged once until it has passed. */
  #trouble: string | undefined;

  constructor(options: VipControllerOptions) {
    this.#options = options;
  }

  /** Works until the signal aborts. */
  async run(): Promise<void> {
    const { wake, signal, clock, store } = this.#options;
    while (!signal.aborted) {
      await wake.next(signal);
      await clock.sleep(gatherMs, signal).catch(() => {});
      if (signal.aborted || !store.synced) continue;
      await this.#look();
    }
  }

  async #look(): Promise<void> {
    const { signal, clock, wake, unready } = this.#options;
    try {
      await this.#settle();
      this.#failures = 0;
      this.#trouble = undefined;
      unready(undefined);
    } catch (error) {
      if (signal.aborted) return;
      const text = errorText(error);
      this.#failures++;
      unready(text);
      if (text !== this.#trouble) log.warn("addresses not settled", { error: text });
      this.#trouble = text;
      this.#tell(text);
      const delay = Math.min(firstDelay * 2 ** (this.#failures - 1), longestDelay);
      // a missing or broken ConfigMap is mended by a person, which wakes us
      if (error instanceof AppError && ["not-found", "invalid"].includes(error.kind)) return;
      await clock.sleep(delay, signal).catch(() => {});
      wake.wake();
    }
  }

  async #settle(): Promise<void> {
    const { store, reports, metrics } = this.#options;
    const plan = await this.#planned();
    metrics.planned(plan);
    for (const release of plan.released) reports.released(release);
    for (const outcome of plan.outcomes) reports.outcome(outcome);
    reports.keepOnly(new Set(store.services.map(({ metadata }) => metadata.uid)));
    store.forgetDeleted();
    await this.#writeStatuses(statusChanges(plan));
  }

  /** A plan that is in the ConfigMap. */
  async #planned(): Promise<VipPlan> {
    const { mode, store } = this.#options;
    for (let race = 0; race < longestRace; race++) {
      const { configMap } = store;
      if (configMap === undefined) throw missingConfigMap(mode);
      const { pool, method } = mode;
      const plan = planVips({
        configMap,
        services: store.services,
        reserved: store.reserved,
        ...(pool === undefined ? {} : { pool }),
        ...(method === undefined ? {} : { method }),
      });
      if (plan.patch === undefined) return plan;
      if (await this.#stillThere(plan.released)) continue;
      if (await this.#write(plan.patch)) return plan;
    }
    const message = `the VIP ConfigMap changed during ${longestRace} attempts to write it: ` +
      `see who else writes it`;
    throw new AppError(message, { kind: "conflict" });
  }

  /** False when somebody else wrote in between; what he wrote is known then. */
  async #write(patch: unknown): Promise<boolean> {
    const { mode, client, signal, store, metrics } = this.#options;
    try {
      const answer = await client.patch(configMapPath(mode), patch, { type: "merge", signal });
      store.putConfigMap(vipConfigMapOf(decodeConfigMap(answer)));
      metrics.wrote("ok");
      return true;
    } catch (error) {
      if (!(error instanceof KubeError) || !["conflict", "not-found"].includes(error.kind)) {
        metrics.wrote("error");
        throw error;
      }
      metrics.wrote("conflict");
      const current: VipConfigMap | undefined = await readConfigMap(client, mode, signal);
      if (current === undefined) store.dropConfigMap();
      else store.putConfigMap(current);
      return false;
    }
  }

  /**
   * Asks for the Services of records that would be dropped though nobody saw them go: a list may
   * be older than the ConfigMap. True when one is there after all.
   */
  async #stillThere(released: readonly VipRelease[]): Promise<boolean> {
    const { store } = this.#options;
    const doubtful = released.filter(({ record, service }) =>
      service === undefined && !store.sawDeleted(record.uid)
    );
    const found = await inGroups(doubtful, ({ record }) => this.#find(record));
    for (const service of found) if (service !== undefined) store.putService(service);
    return found.some((service) => service !== undefined);
  }

  async #find({ namespace, name, uid }: VipRecord): Promise<Service | undefined> {
    const { client, signal } = this.#options;
    try {
      const path = servicePath(`${namespace}/${name}`);
      const service = decodeService(await client.get(path, { signal }));
      return service.metadata.uid === uid ? service : undefined;
    } catch (error) {
      if (error instanceof KubeError && error.kind === "not-found") return undefined;
      throw error;
    }
  }

  async #writeStatuses(changes: readonly StatusChange[]): Promise<void> {
    const { client, signal, store } = this.#options;
    const answers = await inGroups(changes, async (change) => {
      try {
        const service = await writeStatus(client, change, signal);
        if (service !== undefined) store.putService(service);
        return undefined;
      } catch (error) {
        return { error, change };
      }
    });
    const failed = answers.find((answer) => answer !== undefined);
    if (failed === undefined) return;
    const key = serviceKey(failed.change.service);
    log.warn("status not written", { service: key, error: errorText(failed.error) });
    throw failed.error;
  }

  #tell(text: string): void {
    const { store, reports } = this.#options;
    const records = store.configMap?.annotations ?? {};
    const known = Object.values(records).join("\n");
    const waiting = store.services.filter(wantsVip)
      .map((service) => ({ service, isNew: !known.includes(service.metadata.uid) }))
      // those that have their address need no news of a trouble that passes
      .filter(({ isNew }) => isNew);
    reports.failed(waiting, text);
  }
}

/** Runs a task for each item, so many at a time. */
async function inGroups<T, R>(
  items: readonly T[],
  task: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  const queue = [...items.entries()];
  const work = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      results[next[0]] = await task(next[1]);
    }
  };
  await Promise.all(Array.from({ length: Math.min(writers, items.length) }, work));
  return results;
}
