import { type BackoffLimits, backoffMs, defaultBackoff } from "./backoff.ts";
import { type HeapItem, IndexedHeap } from "./heap.ts";

/** How an `add` wants its key served. */
export interface AddOptions {
  /** Milliseconds to wait first; default 0. The smallest of several adds wins. */
  readonly delayMs?: number;
  /** Greater goes first; default 0. The greatest of several adds wins. */
  readonly priority?: number;
}

/** What came of one run of a key. */
export type RunResult =
  | { readonly kind: "done" }
  | { readonly kind: "requeueAfter"; readonly ms: number }
  | { readonly kind: "failed"; readonly retryable: boolean };

/** A key handed out to be run. */
export interface Taken {
  readonly key: string;
  /** Milliseconds between the moment the key was due and now. */
  readonly waitedMs: number;
  /** Failures in a row before this run. */
  readonly failures: number;
}

/** Options of {@link KeyedQueue}. */
export interface QueueOptions {
  /** Number in [0, 1) for the jitter of back-off. */
  readonly random: () => number;
  readonly backoff?: BackoffLimits;
}

/** What has been asked for a key and not been served yet. */
interface Want {
  readonly dueAt: number;
  readonly priority: number;
}

interface Entry extends HeapItem {
  readonly key: string;
  want: Want;
  /** Orders equal priorities: first due, first served. */
  sequence: number;
  failures: number;
  state: "delayed" | "ready" | "running";
  /** Asked for again while running. */
  again: Want | undefined;
  forgotten: boolean;
}

/**
 * Queue of keys: a key is in it once, is never handed out twice at a time, and when it is added
 * while it runs it runs once more. Pure: time comes in as `now` (milliseconds). Every operation is
 * O(log n) in the number of waiting keys.
 */
export class KeyedQueue {
  readonly #entries = new Map<string, Entry>();
  readonly #ready = new IndexedHeap<Entry>(readyBefore);
  readonly #delayed = new IndexedHeap<Entry>((a, b) => a.want.dueAt < b.want.dueAt);
  readonly #options: QueueOptions;
  #sequence = 0;
  #running = 0;

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  /** Keys that wait, ready or delayed. */
  get waiting(): number {
    return this.#ready.size + this.#delayed.size;
  }

  /** Keys that could be taken at once. */
  get ready(): number {
    return this.#ready.size;
  }

  /** Keys taken and not completed. */
  get running(): number {
    return this.#running;
  }

  /** Time at which the earliest delayed key becomes ready; ready keys are not counted. */
  get nextDueAt(): number | undefined {
    return this.#delayed.peek()?.want.dueAt;
  }

  /** Asks for a run of `key`; shortens a delay that is under way, also one of back-off. */
  add(key: string, now: number, options: AddOptions = {}): void {
    const { delayMs = 0, priority = 0 } = options;
    const want = { dueAt: now + Math.max(0, delayMs), priority };
    const entry = this.#entries.get(key);
    if (entry === undefined) return this.#enter(newEntry(key, want), now);
    if (entry.state === "running") entry.again = merge(entry.again, want);
    else this.#rewant(entry, now, want);
  }

  /** Hands out the ready key that goes first, or undefined. Follow with `complete`. */
  take(now: number): Taken | undefined {
    this.#promote(now);
    const entry = this.#ready.pop();
    if (entry === undefined) return undefined;
    entry.state = "running";
    this.#running++;
    const { key, want, failures } = entry;
    return { key, waitedMs: now - want.dueAt, failures };
  }

  /** Gives back a key that was taken; unknown or idle keys are ignored. */
  complete(key: string, now: number, result: RunResult): void {
    const entry = this.#entries.get(key);
    if (entry?.state !== "running") return;
    this.#running--;
    entry.failures = result.kind === "failed" ? entry.failures + 1 : 0;
    const next = merge(entry.again, this.#retry(entry, now, result));
    if (next === undefined) return void this.#entries.delete(key);
    if (entry.forgotten) entry.failures = 0;
    this.#enter(Object.assign(entry, { want: next, again: undefined, forgotten: false }), now);
  }

  /**
   * Drops what is asked for `key` and its failures. A run that is under way goes on, and comes
   * again only if the key is added after this.
   */
  forget(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    if (entry.state === "running") {
      entry.forgotten = true;
      entry.again = undefined;
      return;
    }
    this.#heapOf(entry).remove(entry);
    this.#entries.delete(key);
  }

  #retry(entry: Entry, now: number, result: RunResult): Want | undefined {
    if (entry.forgotten || result.kind === "done") return undefined;
    const { priority } = entry.want;
    if (result.kind === "requeueAfter") return { dueAt: now + Math.max(0, result.ms), priority };
    if (!result.retryable) return undefined;
    const { random, backoff = defaultBackoff } = this.#options;
    return { dueAt: now + backoffMs(entry.failures, backoff, random()), priority };
  }

  #enter(entry: Entry, now: number): void {
    entry.sequence = this.#sequence++;
    entry.state = entry.want.dueAt > now ? "delayed" : "ready";
    this.#entries.set(entry.key, entry);
    this.#heapOf(entry).push(entry);
  }

  #rewant(entry: Entry, now: number, want: Want): void {
    const merged = merge(entry.want, want);
    const becomesReady = entry.state === "delayed" && merged.dueAt <= now;
    if (becomesReady) this.#delayed.remove(entry);
    entry.want = merged;
    if (becomesReady) this.#enter(entry, now);
    else this.#heapOf(entry).update(entry);
  }

  #promote(now: number): void {
    for (;;) {
      const entry = this.#delayed.peek();
      if (entry === undefined || entry.want.dueAt > now) return;
      this.#delayed.remove(entry);
      this.#enter(entry, now);
    }
  }

  #heapOf(entry: Entry): IndexedHeap<Entry> {
    return entry.state === "delayed" ? this.#delayed : this.#ready;
  }
}

function newEntry(key: string, want: Want): Entry {
  return {
    key,
    want,
    sequence: 0,
    failures: 0,
    state: "ready",
    again: undefined,
    forgotten: false,
    heapIndex: -1,
  };
}

function readyBefore(a: Entry, b: Entry): boolean {
  if (a.want.priority !== b.want.priority) return a.want.priority > b.want.priority;
  return a.sequence < b.sequence;
}

function merge(a: Want | undefined, b: Want): Want;
function merge(a: Want | undefined, b: Want | undefined): Want | undefined;
function merge(a: Want | undefined, b: Want | undefined): Want | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return { dueAt: Math.min(a.dueAt, b.dueAt), priority: Math.max(a.priority, b.priority) };
}
