import { getLogger } from "@logtape/logtape";
import { type Clock, errorText } from "../../core/mod.ts";
import type { ContainerEngine, EngineEvent } from "../../runtime/types.ts";
import { readStates } from "./adoption.ts";
import type { Edge } from "./edge.ts";
import type { LogKeeper } from "./log_keeper.ts";
import { CLUSTER_LABEL, labelFilter, NODE_LABEL, PROXY_LABEL, ROLE_LABEL } from "./names.ts";

const log = getLogger(["berth", "planes", "envoy"]);

/** Milliseconds between tries to mend the edge. */
const DELAYS = [0, 100, 250, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 30_000];

/** What a {@link Watch} needs. */
export interface WatchOptions {
  readonly cluster: string;
  readonly engine: ContainerEngine;
  readonly logs: LogKeeper;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Finds or makes the edge again. */
  recover(): Promise<void>;
  /** A container of ours ended; `isGone`: it was removed. */
  mend(container: string, isGone: boolean): Promise<void>;
  /** Events may have been missed. */
  check(): Promise<void>;
}

/** Follows the engine's events as far as they concern a cluster's edge and proxies. */
export class Watch {
  readonly #options: WatchOptions;
  #following: Promise<void> | undefined;
  #recovering: Promise<void> | undefined;

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  /** Settles when nothing is followed or mended any more. */
  get ended(): Promise<unknown> {
    return Promise.all([this.#following, this.#recovering]);
  }

  /** Follows from now on; once is enough. */
  start(): void {
    this.#following ??= this.#follow();
  }

  /** The edge does not do what it should: mended until it does. */
  edgeBroken(reason: string): Promise<void> {
    const { signal } = this.#options;
    if (signal.aborted) return Promise.resolve();
    this.#recovering ??= this.#recover(reason).finally(() => {
      this.#recovering = undefined;
    });
    return this.#recovering;
  }

  /** The containers of ours: id → runs. */
  async states(): Promise<ReadonlyMap<string, boolean>> {
    const { engine, cluster } = this.#options;
    const found = await Promise.all([
      engine.containers({ labels: labelFilter(cluster, "edge") }),
      engine.containers({ labels: labelFilter(cluster, "proxy") }),
    ]);
    return new Map(found.flat().map(({ id, running }) => [id, running]));
  }

  /** True while the cluster has node containers. */
  async hasNodes(): Promise<boolean> {
    const { engine, cluster } = this.#options;
    return (await engine.containers({ labels: [`${NODE_LABEL}=${cluster}`] })).length > 0;
  }

  /** Another worker of this cluster serves something. */
  async othersServe(edge: Edge): Promise<boolean> {
    return (await readStates(edge)).some(({ key }) => key !== "");
  }

  /** Removes every proxy of this cluster. */
  async removeAll(): Promise<void> {
    const { engine, cluster, logs } = this.#options;
    const roles = ["proxy", "publisher"] as const;
    const found = (await Promise.all(
      roles.map((role) => engine.containers({ labels: labelFilter(cluster, role) })),
    )).flat();
    await Promise.all(found.map(({ id, labels }) => logs.remove(id, labels[PROXY_LABEL] ?? "")));
  }

  async #follow(): Promise<void> {
    const { engine, signal } = this.#options;
    for await (const event of engine.events({ signal })) {
      if (signal.aborted) return;
      this.#take(event).catch((error) => {
        if (!signal.aborted) log.warn("proxies not checked", { reason: errorText(error) });
      });
    }
  }

  async #take(event: EngineEvent): Promise<void> {
    const { cluster, mend, check } = this.#options;
    if (event.kind === "resync") return await check();
    if (event.kind !== "container" || event.labels[CLUSTER_LABEL] !== cluster) return;
    if (event.action !== "die" && event.action !== "destroy") return;
    // the end of an edge shows as the end of its session
    if (event.labels[ROLE_LABEL] !== "edge") await mend(event.id, event.action === "destroy");
  }

  async #recover(reason: string): Promise<void> {
    const { clock, signal, recover } = this.#options;
    log.warn("edge broken, mending it", { reason });
    for (let attempt = 0; !signal.aborted; attempt++) {
      await clock.sleep(DELAYS[Math.min(attempt, DELAYS.length - 1)] ?? 0, signal).catch(() => {});
      if (signal.aborted) return;
      try {
        return await recover();
      } catch (error) {
        log.warn("edge not mended yet", { reason: errorText(error) });
      }
    }
  }
}
