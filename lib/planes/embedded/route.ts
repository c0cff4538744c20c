import { hash32 } from "../../core/mod.ts";
import { cidrContains, parseCidr } from "../../net/mod.ts";
import type { Affinity, Endpoint, Listener } from "../../proxy/types.ts";

/** Where a flow comes from. */
export interface Source {
  readonly address: string;
  readonly port: number;
}

/** What a listener does with a new flow; replaced as a whole when its Service changes. */
export interface Route {
  /** May this address connect? */
  allows(address: string): boolean;
  /** Endpoints for a flow, best first; the order is the same for the same flow. */
  ranked(source: Source): Iterable<Endpoint>;
  /** True while this endpoint is served. */
  has(endpoint: Endpoint): boolean;
}

interface Candidate {
  readonly endpoint: Endpoint;
  readonly hash: number;
}

/** The route of a listener. Throws kind `invalid` on a malformed source range. */
export function routeOf(listener: Listener): Route {
  const { sourceRanges, closed, affinity, endpoints } = listener;
  const ranges = sourceRanges.map(parseCidr);
  const candidates = endpoints.map((endpoint) => ({ endpoint, hash: hash32(nameOf(endpoint)) }));
  const names = new Set(endpoints.map(nameOf));
  return {
    allows: (address) =>
      !closed && (ranges.length === 0 || ranges.some((range) => cidrContains(range, address))),
    ranked: (source) => ranked(candidates, hash32(flowName(source, affinity))),
    has: (endpoint) => names.has(nameOf(endpoint)),
  };
}

/**
 * Rendezvous hashing: each candidate gets a score from the flow and its own name, the best wins. A
 * candidate that leaves moves its own flows only. Lazy, as the second one is rarely asked for.
 */
function* ranked(candidates: readonly Candidate[], flow: number): Generator<Endpoint> {
  const left = [...candidates];
  while (left.length > 0) {
    const best = bestIndex(left, flow);
    const [chosen] = left.splice(best, 1);
    if (chosen !== undefined) yield chosen.endpoint;
  }
}

function bestIndex(candidates: readonly Candidate[], flow: number): number {
  let best = 0;
  let bestScore = -1;
  candidates.forEach(({ hash }, index) => {
    const score = mix(flow ^ hash);
    if (score > bestScore) [best, bestScore] = [index, score];
  });
  return best;
}

function flowName({ address, port }: Source, affinity: Affinity): string {
  return affinity === "client-ip" ? address : `${address}|${port}`;
}

function nameOf({ address, port }: Endpoint): string {
  return `${address}|${port}`;
}

// MurmurHash3 fmix32: each input bit moves half of the output bits
function mix(value: number): number {
  let hash = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
