import { canonicalAddress } from "../net/mod.ts";
import type { VrrpOptions } from "./conf_types.ts";

/** VRRP as a person asks for it; texts come from flags and variables. */
export interface VrrpRequest {
  readonly iface: string | undefined;
  readonly vrid: number;
  readonly priority: number;
  readonly state: "BACKUP" | "MASTER";
  readonly advertInterval: string;
  readonly useUnicast: boolean;
  readonly sources: readonly string[];
  readonly peers: readonly string[];
}

/** Options that keepalived accepts, or all that is wrong with them. */
export type VrrpAnswer =
  | { readonly ok: true; readonly options: VrrpOptions }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Checks what goes into keepalived's file: a name or number of another form would break it. */
export function vrrpOptions(request: VrrpRequest): VrrpAnswer {
  const { iface = "", vrid, priority, state, useUnicast } = request;
  const problems: string[] = [];
  // no longer than the kernel's IFNAMSIZ, and nothing that keepalived reads as syntax
  if (!/^[a-zA-Z0-9_.@:-]{1,15}$/.test(iface)) {
    problems.push(`--iface is "${iface}": give the network interface that carries the addresses`);
  }
  const advertInterval = Number(request.advertInterval);
  if (!/^\d{1,2}(\.\d{1,2})?$/.test(request.advertInterval) || !inRange(advertInterval)) {
    problems.push(`--advert-interval is "${request.advertInterval}": use 0.01 to 40 seconds`);
  }
  const sources = addresses("--unicast-source", request.sources, problems);
  const peers = addresses("--peer", request.peers, problems);
  if (useUnicast && (sources.length === 0 || peers.length === 0)) {
    problems.push("--use-unicast needs --unicast-source (this node) and --peer (each other node)");
  }
  if (!useUnicast && peers.length > 0) {
    problems.push("--peer needs --use-unicast: add it, or leave the peers out");
  }
  if (problems.length > 0) return { ok: false, problems };
  const unicast = useUnicast ? { unicast: { sources, peers } } : {};
  return { ok: true, options: { iface, vrid, priority, state, advertInterval, ...unicast } };
}

function inRange(seconds: number): boolean {
  return seconds >= 0.01 && seconds <= 40;
}

function addresses(
  flag: string,
  texts: readonly string[],
  problems: string[],
): readonly string[] {
  return texts.flatMap((text) => {
    const address = canonicalAddress(text);
    if (address === undefined) problems.push(`${flag} is "${text}": give an IP address`);
    return address ?? [];
  });
}
