import type {
  Backend,
  Chain,
  Forward,
  Match,
  RouteSpec,
  Rule,
  Share,
  TcpPort,
  UdpPort,
  VirtualHost,
} from "../../lib/proxy/types.ts";

/** Everything of `shop/gateway`, on 172.18.255.1, with one HTTP port. */
export function routeSpecWith(part: Partial<RouteSpec> = {}): RouteSpec {
  return {
    key: "kind/gateway/shop/gateway",
    addresses: ["172.18.255.1"],
    ports: [httpPort([ruleWith()])],
    backends: [backendWith()],
    certificates: [],
    authorities: [],
    ...part,
  };
}

/** A TCP port 80 with one HTTP chain of one virtual host for everybody. */
export function httpPort(rules: readonly Rule[], part: Partial<TcpPort> = {}): TcpPort {
  return tcpPort([chainOf([{ domains: ["*"], rules }])], part);
}

/** A TCP port 80. */
export function tcpPort(chains: readonly Chain[], part: Partial<TcpPort> = {}): TcpPort {
  return { protocol: "TCP", port: 80, sourceRanges: [], chains, ...part };
}

/** An HTTP chain called `web` for every server name. */
export function chainOf(hosts: readonly VirtualHost[], part: Partial<Chain> = {}): Chain {
  return { name: "web", serverNames: [], peek: false, serve: { kind: "http", hosts }, ...part };
}

/** A chain of bytes called `raw` for every server name. */
export function rawChain(split: readonly Share[], part: Partial<Chain> = {}): Chain {
  const serve = { kind: "tcp", affinity: "none", split } as const;
  return { name: "raw", serverNames: [], peek: false, serve, ...part };
}

/** A UDP port 53. */
export function udpPort(split: readonly Share[], part: Partial<UdpPort> = {}): UdpPort {
  return { protocol: "UDP", port: 53, sourceRanges: [], affinity: "none", split, ...part };
}

/** A rule for everything, to backend `cart`. */
export function ruleWith(part: Partial<Rule> = {}): Rule {
  return { name: "HTTPRoute shop/cart rule 1", match: matchOf(), action: forwardTo(), ...part };
}

/** A match of path prefix `/`. */
export function matchOf(part: Partial<Match> = {}): Match {
  return { path: { kind: "prefix", value: "/" }, headers: [], query: [], ...part };
}

/** To backend `cart`. */
export function forwardTo(part: Partial<Forward> = {}): Forward {
  return { kind: "forward", split: [shareOf("cart")], mirrors: [], ...part };
}

/** A share of weight 1. */
export function shareOf(backend: string, part: Partial<Share> = {}): Share {
  return { weight: 1, to: { backend }, ...part };
}

/** Backend `cart` with one endpoint. */
export function backendWith(part: Partial<Backend> = {}): Backend {
  const endpoints = [{ address: "10.244.1.2", port: 8080, node: "a" }];
  return { name: "cart", protocol: "http1", affinity: "none", endpoints, ...part };
}
