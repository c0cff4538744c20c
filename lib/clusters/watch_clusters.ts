import { getLogger } from "@logtape/logtape";
import { type Clock, errorText, systemClock } from "../core/mod.ts";
import type { Container, ContainerEngine, EngineEvent } from "../runtime/types.ts";
import { judgeEvent } from "./cluster_event.ts";
import { diffClusters } from "./diff_clusters.ts";
import { discoverClusters } from "./discover.ts";
import { Inbox } from "./inbox.ts";
import { CLUSTER_LABEL } from "./labels.ts";
import { RecentDeaths } from "./recent_deaths.ts";
import type { ClusterChange, KindCluster } from "./types.ts";

const logger = getLogger(["berth", "clusters"]);

/** Milliseconds: a burst of events, the safety listing, and the back-off of failed listings. */
const WAIT_MS = { burst: 50, safety: 60_000, firstRetry: 200, mostRetry: 5_000 };

/** Options of {@link watchClusters}. */
export interface WatchClustersOptions {
  readonly engine: Pick<ContainerEngine, "containers" | "events">;
  readonly signal: AbortSignal;
  /** The network that the user configured for kind, if any. */
  readonly network?: string | undefined;
  readonly clock?: Clock;
}

/**
 * Follows the kind clusters of an engine until the signal aborts.
 *
 * Driven by engine events, with a listing after each burst, at each re-opened stream and every
 * minute. Only a complete listing adds or removes a cluster; while listings fail, what is known
 * stays. The death of a node is told at once, from its event.
 */
export async function* watchClusters(options: WatchClustersOptions): AsyncGenerator<ClusterChange> {
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  try {
    yield* new ClusterWatch({ ...options, signal }).run();
  } finally {
    stop.abort();
  }
}

type Message =
  | { readonly kind: "event"; readonly event: EngineEvent }
  | { readonly kind: "due" }
  | { readonly kind: "containers"; readonly containers: readonly Container[] }
  | { readonly kind: "failed"; readonly error: unknown };

/** One reader of one inbox owns all state; engine and timers only put messages in. */
class ClusterWatch {
  readonly #options: WatchClustersOptions;
  readonly #clock: Clock;
  readonly #inbox = new Inbox<Message>();
  readonly #deaths = new RecentDeaths();
  readonly #known = new Map<string, KindCluster>();
  #listing: "idle" | "running" | "outdated" = "idle";
  #timer: { readonly at: number; readonly cancel: AbortController } | undefined;
  #failures = 0;
  #lastError = "";
  #listedOnce = false;

  constructor(options: WatchClustersOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  async *run(): AsyncGenerator<ClusterChange> {
    const { signal } = this.#options;
    this.#pumpEvents();
    this.#list();
    for await (const message of this.#inbox.read(signal)) yield* this.#handle(message);
    this.#timer?.cancel.abort();
  }

  #handle(message: Message): readonly ClusterChange[] {
    switch (message.kind) {
      case "event":
        return this.#onEvent(message.event);
      case "due":
        this.#list();
        return [];
      case "containers":
        return this.#onContainers(message.containers);
      case "failed":
        this.#onFailure(message.error);
        return [];
    }
  }

  #onEvent(event: EngineEvent): readonly ClusterChange[] {
    this.#deaths.note(event, this.#clock.now());
    const { changes, list } = judgeEvent(this.#known, event);
    if (list !== "no") {
      // what is being listed may be older than this event
      if (this.#listing === "running") this.#listing = "outdated";
      else if (this.#listing === "idle") this.#schedule(list === "now" ? 0 : WAIT_MS.burst);
    }
    return this.#apply(changes);
  }

  #onContainers(listed: readonly Container[]): readonly ClusterChange[] {
    const outdated = this.#listing === "outdated";
    this.#listing = "idle";
    this.#recovered();
    if (outdated) {
      this.#list();
      return [];
    }
    const { containers, againInMs } = this.#deaths.correct(listed, this.#clock.now());
    this.#schedule(againInMs ?? WAIT_MS.safety);
    const { network } = this.#options;
    const changes = diffClusters(this.#known, discoverClusters(containers, { network }));
    this.#apply(changes);
    if (this.#listedOnce) return changes;
    this.#listedOnce = true;
    return [...changes, { kind: "listed", clusters: this.#known.size }];
  }

  #onFailure(error: unknown): void {
    this.#listing = "idle";
    const text = errorText(error);
    if (text !== this.#lastError) {
      logger.warn("cannot list clusters: what is known stays", { error: text });
    }
    this.#lastError = text;
    this.#schedule(Math.min(WAIT_MS.firstRetry * 2 ** this.#failures, WAIT_MS.mostRetry));
    this.#failures++;
  }

  #recovered(): void {
    if (this.#lastError !== "") logger.info("listing clusters works again");
    this.#lastError = "";
    this.#failures = 0;
  }

  #apply(changes: readonly ClusterChange[]): readonly ClusterChange[] {
    for (const change of changes) {
      if (change.kind === "listed") continue;
      if (change.kind === "removed") this.#known.delete(change.cluster.name);
      else this.#known.set(change.cluster.name, change.cluster);
    }
    return changes;
  }

  #list(): void {
    this.#timer?.cancel.abort();
    this.#timer = undefined;
    if (this.#listing !== "idle") return;
    this.#listing = "running";
    this.#options.engine.containers({ labels: [CLUSTER_LABEL] }).then(
      (containers) => this.#inbox.put({ kind: "containers", containers }),
      (error) => this.#inbox.put({ kind: "failed", error }),
    );
  }

  /** Lists after `ms`, unless that is due sooner anyway. */
  #schedule(ms: number): void {
    const at = this.#clock.now() + ms;
    if (this.#timer && this.#timer.at <= at) return;
    this.#timer?.cancel.abort();
    const cancel = new AbortController();
    this.#timer = { at, cancel };
    const signal = AbortSignal.any([this.#options.signal, cancel.signal]);
    this.#clock.sleep(ms, signal).then(() => this.#inbox.put({ kind: "due" }), () => {});
  }

  async #pumpEvents(): Promise<void> {
    const { engine, signal } = this.#options;
    try {
      for await (const event of engine.events({ signal })) {
        this.#inbox.put({ kind: "event", event });
      }
    } catch (error) {
      if (!signal.aborted) logger.error("engine events ended", { error: errorText(error) });
    }
  }
}
