import { type Clock, errorKind } from "../../core/mod.ts";
import type { Step } from "../agent/mod.ts";
import type { EnvoyFile } from "./config/mod.ts";
import { readStats, type Stats, STATS_PATH, type Verdict, verdict } from "./confirmation.ts";
import type { Edge } from "./edge.ts";

/** Milliseconds between two looks, at first and at most. */
const LOOK_MS = { first: 2, most: 25 };

/** How long to wait for a verdict. */
export interface Patience {
  /** Statistics from before the files were written. */
  readonly before: Stats;
  readonly signal: AbortSignal;
  readonly ms: number;
}

/** What a {@link ProxyAdmin} needs. */
export interface ProxyAdminOptions {
  readonly edge: Pick<Edge, "run">;
  readonly clock: Clock;
  /** Path of the socket in the edge. */
  readonly socket: string;
}

/** The administration interface of one Envoy. */
export class ProxyAdmin {
  readonly #options: ProxyAdminOptions;

  constructor(options: ProxyAdminOptions) {
    this.#options = options;
  }

  /** The step that asks for the statistics which tell of files. */
  get statsStep(): Step {
    return this.#step(STATS_PATH);
  }

  /** What it answers, by lines. */
  async get(path: string): Promise<readonly string[]> {
    return await this.#options.edge.run([this.#step(path)]);
  }

  /** Open connections of clients. */
  async connections(): Promise<number> {
    const stats = readStats(await this.get("/stats?filter=downstream_cx_active$"));
    return [...stats.values()].reduce((sum, text) => sum + Number(text), 0);
  }

  /** Waits until Envoy runs; false when it does not in time. */
  async ready(ms: number): Promise<boolean> {
    return await this.#poll(() => this.get("/ready").then(() => true, notYet), { ms });
  }

  /** Those of the files that Envoy does not take; undefined when it does not say in time. */
  async verdict(
    files: readonly EnvoyFile[],
    { before, ...limit }: Patience,
  ): Promise<readonly EnvoyFile[] | undefined> {
    let last: Verdict = { isWaiting: true, refused: [] };
    const isDone = async () => {
      last = verdict(files, before, readStats(await this.get(STATS_PATH)));
      return !last.isWaiting;
    };
    return await this.#poll(isDone, limit) ? last.refused : undefined;
  }

  #step(path: string): Step {
    return { verb: "get", text: `${this.#options.socket} ${path}` };
  }

  async #poll(
    isDone: () => Promise<boolean>,
    { ms, signal }: { readonly ms: number; readonly signal?: AbortSignal },
  ): Promise<boolean> {
    const { clock } = this.#options;
    const end = clock.now() + ms;
    for (let wait = LOOK_MS.first; clock.now() < end; wait = Math.min(wait * 1.5, LOOK_MS.most)) {
      if (await isDone()) return true;
      await clock.sleep(wait, signal);
    }
    return false;
  }
}

/** Not connected yet is no answer; a session that ended is an error. */
function notYet(error: unknown): false {
  if (errorKind(error) === "unavailable") throw error;
  return false;
}
