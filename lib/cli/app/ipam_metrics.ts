import type { PoolUsage } from "../../addresses/types.ts";
import type { Metrics } from "../../monitor/mod.ts";

/** What the controller knows at any moment. */
export interface IpamFigures {
  usage(): readonly PoolUsage[];
  conflicts(): number;
  strays(): number;
  waiting(): number;
  load(): number;
}

/** The metrics of `berth ipam`. */
export class IpamMetrics {
  readonly #metrics: Metrics;
  readonly #syncs: ReturnType<Metrics["counter"]>;
  readonly #seconds: ReturnType<Metrics["durations"]>;
  #problems = 0;

  constructor(metrics: Metrics) {
    this.#metrics = metrics;
    this.#syncs = metrics.counter({
      name: "berth_ipam_syncs_total",
      help: "Services written, by result",
      labels: ["result"],
    });
    this.#seconds = metrics.durations({
      name: "berth_ipam_sync_seconds",
      help: "Time that it takes to write a Service",
    });
  }

  /** Reads the figures whenever somebody asks. */
  watch(figures: IpamFigures): void {
    const pools = (pick: (row: PoolUsage) => bigint | number) => () =>
      figures.usage().map((row) =>
        [{ pool: row.pool.name, family: row.family }, Number(pick(row))] as const
      );
    const labels = ["pool", "family"];
    const gauges = [
      [
        "pool_addresses",
        "Addresses of a pool that may be given",
        pools(({ size }) => size),
        labels,
      ],
      ["pool_addresses_in_use", "Addresses of a pool in use", pools(({ used }) => used), labels],
      ["pending_services", "Services that wait for an address", one(figures.waiting), []],
      ["address_conflicts", "Addresses that several claim", one(figures.conflicts), []],
      ["addresses_outside_pools", "Addresses in use that no pool has", one(figures.strays), []],
      ["queue_length", "Services to be looked at", one(figures.load), []],
      ["config_problems", "Things wrong with the pools", one(() => this.#problems), []],
    ] as const;
    for (const [name, help, read, labels] of gauges) {
      this.#metrics.gauge({ name: `berth_ipam_${name}`, help, labels }, read);
    }
  }

  /** A Service was written, or could not be. */
  sync(result: "ok" | "error", seconds?: number): void {
    this.#syncs.add({ result });
    if (seconds !== undefined) this.#seconds.observe(seconds);
  }

  /** So much is wrong with the pools now. */
  problems(count: number): void {
    this.#problems = count;
  }
}

function one(read: () => number): () => readonly (readonly [Record<string, string>, number])[] {
  return () => [[{}, read()]];
}
