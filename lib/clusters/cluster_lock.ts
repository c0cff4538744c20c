import { getLogger } from "@logtape/logtape";
import { AppError, type Clock, errorText } from "../core/mod.ts";
import type { ContainerEngine, ContainerSession } from "../runtime/types.ts";
import { AddressProbe } from "./address_probe.ts";
import { LOCK_SCRIPT } from "./lock_script.ts";
import type { ClusterNode, KindCluster } from "./types.ts";

const logger = getLogger(["berth", "clusters"]);

/** Milliseconds between tries to lock after the session failed; then only `follow` helps. */
const DELAYS = [250, 1_000, 4_000];

/** Milliseconds: a process that was just killed still has the lock for a moment. */
const PATIENCE_MS = 1_000;

/** In every node this is kept in memory, for as long as the node runs. */
const LOCK_FILE = "/run/berth.lock";

/** What a session came to: `nothing` where the program cannot lock, `failed` where none was had. */
type Said = "busy" | "held" | "nothing" | "failed";

/** The engine, as far as locks go. */
export type LockEngine = Pick<ContainerEngine, "session">;

/** Options of {@link ClusterLock}. */
export interface ClusterLockOptions {
  readonly engine: LockEngine;
  readonly clock: Clock;
  /** The newest view of the cluster. */
  cluster(): KindCluster;
}

/**
 * True when a berth serves the cluster.
 *
 * @throws AppError `unavailable` when its first control plane cannot be asked.
 */
export async function isClusterServed(
  engine: LockEngine,
  cluster: KindCluster,
  { signal }: { readonly signal: AbortSignal },
): Promise<boolean> {
  const node = lockNode(cluster);
  if (node === undefined) throw cannotTell(cluster, "no control plane is up");
  await using session = await openLock(engine, node, "0");
  using _ = closedBy(session, signal);
  for await (const line of session.lines) return line === "busy";
  throw cannotTell(cluster, session.errors.at(-1) ?? "the session ended");
}

function cannotTell({ name }: KindCluster, why: string): AppError {
  return new AppError(`nobody can tell whether cluster "${name}" is served: ${why}`, {
    kind: "unavailable",
  });
}

/**
 * Keeps two berths from serving one cluster: they would undo each other's rules. The lock is a file
 * of the first control plane. Where it cannot be had, the cluster is served all the same. Who has
 * the lock can also ask that node's network who has an address.
 */
export class ClusterLock implements AsyncDisposable {
  readonly #options: ClusterLockOptions;
  readonly #stop = new AbortController();
  readonly #taken = Promise.withResolvers<void>();
  #isTaken = false;
  readonly #probe: AddressProbe;
  #session: ContainerSession | undefined;
  #keeping: Promise<void> = Promise.resolve();
  #nudge: () => void = () => {};

  constructor(options: ClusterLockOptions) {
    this.#options = options;
    this.#probe = new AddressProbe(options.clock);
  }

  /**
   * Resolves when this process may serve the cluster, or nobody wants it to any more.
   *
   * @param waiting Called when another berth has the cluster, or no control plane is up.
   */
  async take(
    waiting: (why: "busy" | "down") => void,
    { signal }: { readonly signal: AbortSignal },
  ): Promise<void> {
    const give = () => this.#give();
    signal.addEventListener("abort", give, { once: true });
    if (signal.aborted) give();
    this.#keeping = this.#keep(waiting);
    await this.#taken.promise;
    signal.removeEventListener("abort", give);
  }

  /**
   * The hardware address of whoever has an address on the cluster's network; undefined when nobody
   * has it, or nobody can tell.
   */
  async holderOf(address: string): Promise<string | undefined> {
    const session = this.#session;
    if (session === undefined) return undefined;
    return await this.#probe.ask(address, (line) => session.write(line));
  }

  /** The cluster's containers changed: a lock that was lost is tried for again. */
  follow(): void {
    this.#nudge();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    this.#give();
    await this.#keeping;
  }

  async #keep(waiting: (why: "busy" | "down") => void): Promise<void> {
    const { signal } = this.#stop;
    let works = false;
    for (let attempt = 0; !signal.aborted;) {
      const node = lockNode(this.#options.cluster());
      if (node === undefined) {
        if (!this.#isTaken) waiting("down");
        await this.#pause(undefined);
        continue;
      }
      const said = await this.#hold(node, () => {
        if (!this.#isTaken) waiting("busy");
        else {logger.warn("another berth serves the cluster, too: stop one of them", {
            cluster: this.#options.cluster().name,
          });}
      });
      works ||= said === "busy" || said === "held";
      const delay = said === "held" ? DELAYS[0] : DELAYS[attempt];
      const isHopeless = said === "nothing" || delay === undefined;
      if (isHopeless && !works) this.#give();
      await this.#pause(delay);
      attempt = said === "held" || delay === undefined ? 0 : attempt + 1;
    }
  }

  /** One session, until its end. @returns What it said last. */
  async #hold(node: ClusterNode, waiting: () => void): Promise<Said> {
    const { engine, cluster } = this.#options;
    const { signal } = this.#stop;
    const over = new AbortController();
    let said: Said = "failed";
    try {
      await using session = await openLock(engine, node, "1");
      using _ = closedBy(session, signal);
      said = "nothing";
      for await (const line of session.lines) {
        this.#probe.hear(line);
        if (line !== "busy" && line !== "held") continue;
        said = line;
        if (line === "busy") void this.#tellLater(waiting, over.signal);
        else this.#begin(session, over);
      }
    } catch (error) {
      logger.debug("lock not had", { cluster: cluster().name, error: errorText(error) });
    }
    over.abort();
    this.#session = undefined;
    this.#probe.end();
    return said;
  }

  #begin(session: ContainerSession, waiting: AbortController): void {
    waiting.abort();
    this.#session = session;
    this.#give();
  }

  #give(): void {
    this.#isTaken = true;
    this.#taken.resolve();
  }

  async #tellLater(waiting: () => void, signal: AbortSignal): Promise<void> {
    const isOver = await this.#options.clock.sleep(PATIENCE_MS, signal).then(
      () => false,
      () => true,
    );
    if (!isOver) waiting();
  }

  /** So many milliseconds, or until the containers change. */
  async #pause(ms: number | undefined): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const over = new AbortController();
    const signal = AbortSignal.any([over.signal, this.#stop.signal]);
    this.#nudge = resolve;
    signal.addEventListener("abort", () => resolve(), { once: true });
    if (signal.aborted) return;
    if (ms !== undefined) void this.#options.clock.sleep(ms, signal).then(resolve, () => {});
    await promise;
    over.abort();
  }
}

/** The first control plane that is up. */
function lockNode({ nodes }: KindCluster): ClusterNode | undefined {
  return nodes.find(({ role, up }) => role === "control-plane" && up);
}

async function openLock(
  engine: LockEngine,
  { container }: ClusterNode,
  patient: "0" | "1",
): Promise<ContainerSession> {
  return await engine.session(container, ["perl", "-e", LOCK_SCRIPT, LOCK_FILE, patient]);
}

/** Ends the session when the signal aborts, until disposed. */
function closedBy(session: ContainerSession, signal: AbortSignal): Disposable {
  const end = () => void session[Symbol.asyncDispose]();
  signal.addEventListener("abort", end, { once: true });
  if (signal.aborted) end();
  return { [Symbol.dispose]: () => signal.removeEventListener("abort", end) };
}
