import type { Clock } from "../core/mod.ts";
import type { KubeClient } from "../kube/mod.ts";

/** Where the Lease is and how long each step may take; the names of client-go's flags. */
export interface LeaseSettings {
  readonly namespace: string;
  readonly name: string;
  /** A candidate takes over when the Lease has not changed for so long, milliseconds. */
  readonly leaseDurationMs: number;
  /** The leader gives up when it could not renew for so long, milliseconds. */
  readonly renewDeadlineMs: number;
  /** Between two attempts, milliseconds. */
  readonly retryPeriodMs: number;
}

/** Options of `leadWhileHeld`. */
export interface ElectionOptions {
  readonly client: Pick<KubeClient, "get" | "create" | "patch" | "list" | "watch">;
  readonly settings: LeaseSettings;
  /** Tells this process from all others: `host_uuid`. */
  readonly identity: string;
  readonly clock: Clock;
  /** 0..1, spreads attempts. */
  random(): number;
  /** Ends the leadership in order: work ends, then the Lease is given up. */
  readonly signal: AbortSignal;
  /** Told who leads, whenever that changes. */
  leader?(identity: string): void;
  /** Told of attempts that failed; they are repeated. */
  failed?(error: unknown): void;
}

/** The parts of a `coordination.k8s.io/v1` Lease that decide. */
export interface LeaseRecord {
  readonly resourceVersion: string;
  /** Empty: nobody holds it. */
  readonly holder: string;
  /** For how long the holder asked, milliseconds. */
  readonly durationMs: number;
  readonly transitions: number;
}
