import type { Settled } from "../../lib/addresses/types.ts";
import type { Starved } from "../../lib/cli/app/starved_keys.ts";

/** Writes down who starves, and what came free. */
export class StarvedList implements Starved {
  readonly keys = new Set<string>();
  readonly freed: string[] = [];

  add(key: string): void {
    this.keys.add(key);
  }

  delete(key: string): void {
    this.keys.delete(key);
  }

  released({ freed }: Settled): void {
    this.freed.push(...freed);
  }
}
