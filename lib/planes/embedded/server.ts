import type { Clock } from "../../core/mod.ts";
import type { BindAddress } from "./bind_error.ts";
import type { Route } from "./route.ts";

/** A bound listener. */
export interface Server {
  /** New flows follow this route from now on; flows under way keep their endpoint if they can. */
  update(route: Route): void;
  /** Stops listening; resolves when the port is free. Flows under way go on. */
  free(): Promise<void>;
  /** Cuts the flows that are still open after `drainMs`, or when `stop` aborts. */
  end(drainMs: number): Promise<void>;
}

/** What a server is made of. */
export interface ServerOptions {
  readonly at: BindAddress;
  readonly route: Route;
  readonly clock: Clock;
  /** Milliseconds for one endpoint to accept a connection. */
  readonly connectTimeoutMs: number;
  /** Milliseconds after which a silent UDP session ends. */
  readonly udpIdleMs: number;
  /** Sessions of one UDP listener at most. */
  readonly udpSessions: number;
  /** Aborts when nothing may go on. */
  readonly stop: AbortSignal;
  /** Told when the listener broke by itself; it must then be closed. */
  readonly onBroken: (reason: string) => void;
}
