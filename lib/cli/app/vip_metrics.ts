import type { VipPlan } from "../../keepalived/types.ts";
import type { Metrics } from "../../monitor/mod.ts";

/** How a write of the VIP ConfigMap ended. */
export type WriteResult = "ok" | "conflict" | "error";

/** What `berth keepalived` counts. */
export class VipMetrics {
  readonly #writes: { add(labels: { readonly result: WriteResult }): void };
  #serving = 0;
  #waiting = 0;

  constructor(metrics: Metrics) {
    this.#writes = metrics.counter({
      name: "berth_keepalived_config_map_writes_total",
      help: "Writes of the VIP ConfigMap, by result",
      labels: ["result"],
    });
    metrics.gauge({
      name: "berth_keepalived_services",
      help: "LoadBalancer Services with an address and without one",
      labels: ["state"],
    }, () => [[{ state: "serving" }, this.#serving], [{ state: "waiting" }, this.#waiting]]);
  }

  wrote(result: WriteResult): void {
    this.#writes.add({ result });
  }

  planned({ outcomes }: VipPlan): void {
    this.#serving = outcomes.filter(({ address }) => address !== undefined).length;
    this.#waiting = outcomes.length - this.#serving;
  }
}
