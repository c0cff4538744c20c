/** Where probes and scrapers ask. */
export interface MonitorAddress {
  /** Address to listen on: `127.0.0.1`, `0.0.0.0` or `::`. */
  readonly host: string;
  /** 0: nothing is served. */
  readonly port: number;
  /** The flags that choose them, for messages. */
  readonly flags?: { readonly host: string; readonly port: string };
}

/** What the server tells. */
export interface MonitorFacts {
  /** Why this process should be restarted; undefined: it should not. */
  unhealthy(): string | undefined;
  /** Why it cannot do its work now; undefined: it can, or stands by for the leader. */
  unready(): string | undefined;
  /** Prometheus text (exposition format 0.0.4). */
  metrics(): Promise<string>;
}

/** One metric family. */
export interface MetricSpec {
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly string[];
}
