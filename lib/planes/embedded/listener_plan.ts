import type { Listener, ProxySpec } from "../../proxy/types.ts";

/** `TCP 127.80.0.1:80`, `UDP [::1]:53`: what a listener occupies, and its name in messages. */
export type ListenerId = string;

/** What to do so that exactly `spec` is served. */
export interface ListenerPlan {
  readonly open: readonly Listener[];
  readonly update: readonly Listener[];
  readonly close: readonly ListenerId[];
  /** Listeners that another key holds: `TCP 127.80.0.1:80 (held by a/b/c)`. */
  readonly conflicts: readonly string[];
  readonly warnings: readonly string[];
}

/** Name of a listener. */
export function listenerId({ protocol, address, port }: Listener): ListenerId {
  return `${protocol} ${hostPort(address, port)}`;
}

/** `127.0.0.1:80` or `[::1]:80`. */
export function hostPort(address: string, port: number): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

/** The listeners that are open. */
export interface OpenListeners {
  /** The key that holds a listener. */
  holder(id: ListenerId): string | undefined;
  ofKey(key: string): readonly ListenerId[];
}

/** Compares a spec with the listeners that are open: costs the listeners of its key alone. */
export function planListeners(spec: ProxySpec, current: OpenListeners): ListenerPlan {
  const served = spec.listeners.filter(({ protocol }) => protocol !== "SCTP");
  const wanted = new Set(served.map(listenerId));
  const held = (listener: Listener) => current.holder(listenerId(listener));
  return {
    open: served.filter((listener) => held(listener) === undefined),
    update: served.filter((listener) => held(listener) === spec.key),
    close: current.ofKey(spec.key).filter((id) => !wanted.has(id)),
    conflicts: served
      .filter((listener) => ![undefined, spec.key].includes(held(listener)))
      .map((listener) => `${listenerId(listener)} (held by ${held(listener)})`),
    warnings: spec.listeners.filter(({ protocol }) => protocol === "SCTP").map(sctpWarning),
  };
}

function sctpWarning(listener: Listener): string {
  return `${listenerId(listener)} is not served: the embedded plane carries TCP and UDP only; ` +
    "choose the kernel plane for SCTP";
}
