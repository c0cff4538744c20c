import type { Authority, Certificate, DownstreamTls } from "../proxy/types.ts";
import type { Problem } from "./problem.ts";
import type { Gateway, GatewayListener, ListenerSet, RouteKind } from "./types.ts";

/** The object that holds a listener. */
export type ListenerOwner =
  | { readonly kind: "Gateway"; readonly path: string; readonly object: Gateway }
  | { readonly kind: "ListenerSet"; readonly path: string; readonly object: ListenerSet };

/** Listeners of one class share a port when their host names differ. */
export type ListenerClass = "http" | "tls" | "tcp" | "udp";

/** A listener of the Gateway or of an allowed ListenerSet, with what was found about it. */
export interface PlannedListener {
  /** Unique within the plan: `Gateway/ns/name/listener`. */
  readonly key: string;
  readonly owner: ListenerOwner;
  readonly spec: GatewayListener;
  /** Lower case; `*` where the listener takes every host. */
  readonly host: string;
  /** Undefined for protocols that are not supported. */
  readonly class: ListenerClass | undefined;
  /** Kinds of routes that may attach. */
  readonly kinds: readonly RouteKind[];
  /** Why it is not accepted. */
  readonly refused: Problem | undefined;
  /** Why not all its references hold. */
  readonly unresolved: Problem | undefined;
  /** With which other listeners it cannot share its port. */
  readonly conflict: Problem | undefined;
  /** True: another TLS listener of the port has host names in common. */
  readonly overlapping: boolean;
  /** Present where TLS ends at the proxy and a certificate was found. */
  readonly tls: DownstreamTls | undefined;
  readonly certificates: readonly Certificate[];
  readonly authority: Authority | undefined;
}

/** True for a listener that is valid by itself and beside the others. */
export function isAccepted(listener: PlannedListener): boolean {
  return listener.refused === undefined && listener.conflict === undefined;
}

/** True for TLS that ends at the proxy. */
export function endsTls({ protocol, tls }: GatewayListener): boolean {
  return protocol === "HTTPS" || (protocol === "TLS" && tls?.mode !== "Passthrough");
}

/** True for a listener that the proxy gets to see: accepted, and with what it needs to serve. */
export function isServable(listener: PlannedListener): boolean {
  const keyed = !endsTls(listener.spec) || listener.tls !== undefined;
  return isAccepted(listener) && keyed && listener.kinds.length > 0;
}
