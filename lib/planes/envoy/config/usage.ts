import type { Action, RouteSpec, Share, TcpServe } from "../../../proxy/types.ts";

/** Names of backends by what they are used for. */
export interface Usage {
  /** Named by an HTTP route, a mirror or a TCP chain. */
  readonly used: ReadonlySet<string>;
  /** Chosen by the client's address. */
  readonly hashed: ReadonlySet<string>;
}

/** Which backends a spec uses, and how. */
export function usageOf(spec: RouteSpec): Usage {
  const used = new Set<string>();
  const affine = spec.backends.filter(({ affinity }) => affinity === "client-ip");
  const hashed = new Set(affine.map(({ name }) => name));
  for (const port of spec.ports) {
    if (port.protocol === "UDP") continue;
    for (const serve of new Set(port.chains.map((chain) => chain.serve))) {
      if (serve.kind === "tcp") addTcp(serve, { used, hashed });
      else serve.hosts.flatMap(({ rules }) => rules).forEach(({ action }) => addHttp(action, used));
    }
  }
  return { used, hashed };
}

/** The shares that get something. */
export function liveShares(split: readonly Share[]): readonly Share[] {
  return split.filter(({ weight }) => weight > 0);
}

/** Name of the backend of a share, or undefined where it has none. */
export function backendOf(share: Share): string | undefined {
  return "backend" in share.to ? share.to.backend : undefined;
}

function addTcp(serve: TcpServe, to: { used: Set<string>; hashed: Set<string> }): void {
  for (const name of backendsOf(serve.split)) {
    to.used.add(name);
    if (serve.affinity === "client-ip") to.hashed.add(name);
  }
}

function addHttp(action: Action, used: Set<string>): void {
  if (action.kind !== "forward") return;
  backendsOf(action.split).forEach((name) => used.add(name));
  action.mirrors.forEach(({ backend }) => used.add(backend));
}

function backendsOf(split: readonly Share[]): readonly string[] {
  return liveShares(split).map(backendOf).filter((name) => name !== undefined);
}
