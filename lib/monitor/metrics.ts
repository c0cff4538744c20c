import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { MetricSpec } from "./types.ts";

/** Values of a metric's labels. */
export type Labels = Readonly<Record<string, string>>;

/** The metrics of one process in Prometheus' text format; nothing is global. */
export class Metrics {
  readonly #registry = new Registry();

  /** Something that only grows. */
  counter(spec: MetricSpec): { add(labels?: Labels, by?: number): void } {
    const counter = new Counter({ ...this.#config(spec) });
    return { add: (labels = {}, by = 1) => counter.inc(labels, by) };
  }

  /** Something that is read when it is asked for: `read` tells each value with its labels. */
  gauge(spec: MetricSpec, read: () => Iterable<readonly [Labels, number]>): void {
    new Gauge({
      ...this.#config(spec),
      collect() {
        this.reset();
        for (const [labels, value] of read()) this.set(labels, value);
      },
    });
  }

  /** Durations in seconds. */
  durations(spec: MetricSpec): { observe(seconds: number, labels?: Labels): void } {
    const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
    const histogram = new Histogram({ ...this.#config(spec), buckets });
    return { observe: (seconds, labels = {}) => histogram.observe(labels, seconds) };
  }

  /** The text that a scraper gets. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  #config({ name, help, labels = [] }: MetricSpec) {
    return { name, help, labelNames: [...labels], registers: [this.#registry] };
  }
}
