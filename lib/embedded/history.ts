import type { Change, KubeObject } from "./types.ts";

/** The last changes of one resource, newest last; older ones are forgotten. */
export class History {
  readonly #capacity: number;
  readonly #ring: Change[] = [];
  #start = 0;
  /** Changes up to this version may be missing. */
  #floor = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** The oldest version from which a watch can resume. */
  get floor(): number {
    return this.#floor;
  }

  /** Remembers a change; its version must be above all before. */
  push(change: Change): void {
    if (this.#ring.length < this.#capacity) {
      this.#ring.push(change);
      return;
    }
    this.#floor = this.#ring[this.#start]?.version ?? this.#floor;
    this.#ring[this.#start] = change;
    this.#start = (this.#start + 1) % this.#capacity;
  }

  /** Forgets everything up to a version, as a compaction does. */
  compact(version: number): void {
    this.#floor = Math.max(this.#floor, version);
  }

  /** The changes after a version in order, or undefined when some are forgotten. */
  since(version: number): readonly Change[] | undefined {
    if (version < this.#floor) return undefined;
    const length = this.#ring.length;
    let low = 0;
    let high = length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#at(middle)?.version ?? 0) <= version) low = middle + 1;
      else high = middle;
    }
    const changes: Change[] = [];
    for (let i = low; i < length; i++) {
      const change = this.#at(i);
      if (change) changes.push(change);
    }
    return changes;
  }

  #at(position: number): Change | undefined {
    return this.#ring[(this.#start + position) % this.#ring.length];
  }
}

/**
 * The objects touched by changes as they were before them (undefined: not there), by key.
 * Laid over the present this gives the past, which a paged list needs to be consistent.
 */
export function rewind(changes: readonly Change[]): ReadonlyMap<string, KubeObject | undefined> {
  const past = new Map<string, KubeObject | undefined>();
  for (const { key, previous } of changes) if (!past.has(key)) past.set(key, previous);
  return past;
}
