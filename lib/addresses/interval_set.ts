/** Intervals that one chunk holds at most; a full one is cut in two. */
const CHUNK = 512;

/** A run of intervals, sorted; the two arrays have the same length, never 0. */
interface Chunk {
  readonly first: bigint[];
  readonly last: bigint[];
}

/**
 * A set of integers kept as sorted, disjoint intervals that do not touch, in chunks of bounded
 * size. Every operation is O(log n) in the number of intervals, whatever their width, so an IPv6
 * /64 costs no more than one address.
 *
 * @example
 * ```ts
 * import { IntervalSet } from "./interval_set.ts";
 * const free = new IntervalSet();
 * free.add(5n, 7n);
 * free.remove(5n);
 * if (free.first() !== 6n || free.next(8n) !== undefined) throw new Error("6 and 7 are left");
 * ```
 */
export class IntervalSet {
  readonly #chunks: Chunk[] = [];

  /** The smallest number. */
  first(): bigint | undefined {
    return this.#chunks[0]?.first[0];
  }

  /** The largest number. */
  last(): bigint | undefined {
    return this.#chunks.at(-1)?.last.at(-1);
  }

  /** True when the number is in the set. */
  has(value: bigint): boolean {
    return this.next(value) === value;
  }

  /** The smallest number that is `from` or above. */
  next(from: bigint): bigint | undefined {
    const at = this.#chunkOf(from);
    const chunk = this.#chunks[at];
    if (chunk === undefined) return this.first();
    const i = indexOf(chunk, from);
    if (from <= (chunk.last[i] ?? from)) return from;
    return chunk.first[i + 1] ?? this.#chunks[at + 1]?.first[0];
  }

  /** The largest number that is `from` or below. */
  previous(from: bigint): bigint | undefined {
    const chunk = this.#chunks[this.#chunkOf(from)];
    if (chunk === undefined) return undefined;
    const last = chunk.last[indexOf(chunk, from)];
    return last === undefined || from < last ? from : last;
  }

  /** The last number of the interval that holds `value`, or `value` itself. */
  endOf(value: bigint): bigint {
    const chunk = this.#chunks[this.#chunkOf(value)];
    const last = chunk?.last[indexOf(chunk, value)];
    return last === undefined || last < value ? value : last;
  }

  /** The first number of the interval that holds `value`, or `value` itself. */
  startOf(value: bigint): bigint {
    const chunk = this.#chunks[this.#chunkOf(value)];
    if (chunk === undefined) return value;
    const i = indexOf(chunk, value);
    return (chunk.last[i] ?? -1n) < value ? value : chunk.first[i] ?? value;
  }

  /** The intervals, in order. */
  *intervals(): Generator<readonly [bigint, bigint]> {
    for (const { first, last } of this.#chunks) {
      for (const [i, from] of first.entries()) yield [from, last[i] ?? from];
    }
  }

  /** Adds all of `first..last`. */
  add(first: bigint, last: bigint = first): void {
    // what touches or overlaps melts into one interval
    let low = first;
    let high = last;
    for (let at = this.#locate(last + 1n); at !== undefined; at = this.#locate(last + 1n)) {
      const { chunk, i } = at;
      const end = chunk.last[i] ?? high;
      if (end < first - 1n) break;
      if (end > high) high = end;
      low = smaller(low, chunk.first[i] ?? low);
      this.#drop(at);
    }
    this.#insert(low, high);
  }

  /** Removes all of `first..last`; what is absent stays absent. */
  remove(first: bigint, last: bigint = first): void {
    for (let at = this.#locate(last); at !== undefined; at = this.#locate(last)) {
      const { chunk, i } = at;
      const from = chunk.first[i] ?? first;
      const to = chunk.last[i] ?? from;
      if (to < first) return;
      if (from < first) chunk.last[i] = first - 1n;
      if (last < to && from < first) return this.#insert(last + 1n, to);
      if (from < first) return;
      if (last < to) chunk.first[i] = last + 1n;
      else this.#drop(at);
      if (from === first) return;
    }
  }

  /** Where the last interval that begins at or before `value` stands. */
  #locate(value: bigint): Place | undefined {
    const at = this.#chunkOf(value);
    const chunk = this.#chunks[at];
    return chunk === undefined ? undefined : { at, chunk, i: indexOf(chunk, value) };
  }

  /** Index of the last chunk that begins at or before `value`; -1 when there is none. */
  #chunkOf(value: bigint): number {
    let low = 0;
    let high = this.#chunks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#chunks[middle]?.first[0] ?? value) <= value) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** Adds an interval that touches no other. */
  #insert(first: bigint, last: bigint): void {
    const at = Math.max(this.#chunkOf(first), 0);
    const chunk = this.#chunks[at];
    if (chunk === undefined) {
      this.#chunks.push({ first: [first], last: [last] });
      return;
    }
    const i = indexOf(chunk, first) + 1;
    chunk.first.splice(i, 0, first);
    chunk.last.splice(i, 0, last);
    if (chunk.first.length <= CHUNK) return;
    const half = CHUNK / 2;
    const tail = { first: chunk.first.splice(half), last: chunk.last.splice(half) };
    this.#chunks.splice(at + 1, 0, tail);
  }

  #drop({ at, chunk, i }: Place): void {
    chunk.first.splice(i, 1);
    chunk.last.splice(i, 1);
    if (chunk.first.length === 0) this.#chunks.splice(at, 1);
  }
}

/** One interval of the set. */
interface Place {
  readonly at: number;
  readonly chunk: Chunk;
  readonly i: number;
}

/** Index of the last interval of a chunk that begins at or before `value`; -1 for none. */
function indexOf({ first }: Chunk, value: bigint): number {
  let low = 0;
  let high = first.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((first[middle] ?? value) <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
