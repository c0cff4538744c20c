/**
 * A set of integers kept as sorted, disjoint, inclusive intervals. Look-ups are O(log n) in the
 * number of intervals, whatever their width, so an IPv6 /64 costs no more than one address.
 *
 * @example
 * ```ts
 * import { IntervalSet } from "./interval_set.ts";
 * const used = new IntervalSet();
 * used.add(5n, 7n);
 * if (used.nextGap(5n, 9n) !== 8n) throw new Error("8 is the first free number");
 * ```
 */
export class IntervalSet {
  readonly #first: bigint[] = [];
  readonly #last: bigint[] = [];

  has(value: bigint): boolean {
    const at = this.#indexAtOrBefore(value);
    return at >= 0 && value <= (this.#last[at] ?? -1n);
  }

  /** Adds all of `first..last`. */
  add(first: bigint, last: bigint = first): void {
    let from = this.#indexAtOrBefore(first - 1n);
    if (from < 0 || (this.#last[from] ?? -1n) < first - 1n) from++;
    const to = this.#indexAtOrBefore(last + 1n);
    const low = from <= to ? smaller(first, this.#first[from] ?? first) : first;
    const high = from <= to ? larger(last, this.#last[to] ?? last) : last;
    this.#first.splice(from, to - from + 1, low);
    this.#last.splice(from, to - from + 1, high);
  }

  /** Removes one number; nothing happens when it is absent. */
  remove(value: bigint): void {
    const at = this.#indexAtOrBefore(value);
    const first = this.#first[at];
    const last = this.#last[at];
    if (first === undefined || last === undefined || value > last) return;
    const parts = ([[first, value - 1n], [value + 1n, last]] as const).filter(([a, b]) => a <= b);
    this.#first.splice(at, 1, ...parts.map(([a]) => a));
    this.#last.splice(at, 1, ...parts.map(([, b]) => b));
  }

  /** The smallest absent number in `from..to`, undefined when there is none. */
  nextGap(from: bigint, to: bigint): bigint | undefined {
    const at = this.#indexAtOrBefore(from);
    const last = at >= 0 ? this.#last[at] : undefined;
    // intervals never touch, so the number after one is always absent
    const gap = last !== undefined && from <= last ? last + 1n : from;
    return gap <= to ? gap : undefined;
  }

  /** Index of the last interval that begins at or before `value`; -1 when there is none. */
  #indexAtOrBefore(value: bigint): number {
    let low = 0;
    let high = this.#first.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#first[middle] ?? value) <= value) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
