import type { Berth } from "../../e2e/berth.ts";
import type { Bed } from "../../e2e/bed/mod.ts";
import type { AddressWatch } from "./bench_services.ts";
import type { Row } from "./figures.ts";

/** What every measurement works on: a bed, the product serving it, and a ready app `web`. */
export interface BenchContext {
  readonly bed: Bed;
  readonly berth: Berth;
  readonly addresses: AddressWatch;
  /** Says what is going on. */
  say(text: string): void;
}

/** Measures some rows of the table. */
export type Measurement = (context: BenchContext) => Promise<readonly Row[]>;
