import type { Affected } from "./desired.ts";
import type { Units } from "./node_plan.ts";

interface Waiter {
  readonly names: readonly string[];
  readonly done: PromiseWithResolvers<void>;
}

/** Changes that wait for one node, and those who wait for them. */
export class Batch {
  readonly #keys = new Set<string>();
  readonly #addresses = new Set<string>();
  readonly #cleanups = new Map<string, string[]>();
  readonly #waiters: Waiter[] = [];

  get isEmpty(): boolean {
    return this.#waiters.length === 0;
  }

  /** Resolves when all units are served, rejects with the first failure among them. */
  add({ keys, addresses, cleanups }: Affected): Promise<void> {
    for (const key of keys) this.#keys.add(key);
    for (const address of addresses) this.#addresses.add(address);
    for (const [key, commands] of cleanups) {
      this.#cleanups.set(key, [...this.#cleanups.get(key) ?? [], ...commands]);
    }
    const waiter = { names: [...keys, ...addresses], done: Promise.withResolvers<void>() };
    this.#waiters.push(waiter);
    return waiter.done.promise;
  }

  /** Everything at once. */
  units(): Units {
    return {
      keys: this.#keys,
      addresses: this.#addresses,
      cleanups: [...this.#cleanups.values()].flat(),
    };
  }

  /** Each unit alone: keys first, since addresses of removed keys go after them. */
  *single(): Iterable<readonly [string, Units]> {
    const none: ReadonlySet<string> = new Set();
    for (const key of this.#keys) {
      const cleanups = this.#cleanups.get(key) ?? [];
      yield [key, { keys: new Set([key]), addresses: none, cleanups }];
    }
    for (const address of this.#addresses) {
      yield [address, { keys: none, addresses: new Set([address]), cleanups: [] }];
    }
  }

  settle(failures: ReadonlyMap<string, unknown>): void {
    for (const { names, done } of this.#waiters) {
      const failed = names.find((name) => failures.has(name));
      if (failed === undefined) done.resolve();
      else done.reject(failures.get(failed));
    }
  }

  fail(reason: unknown): void {
    for (const { done } of this.#waiters) done.reject(reason);
  }
}
