import type { RouteSpec } from "../../lib/proxy/types.ts";

/** A spec with one HTTP port that answers by itself. */
export function routeSpec(
  key: string,
  address = "172.18.255.1",
  change: { readonly port?: number; readonly domain?: string } = {},
): RouteSpec {
  const { port = 80, domain = "*" } = change;
  const rule = {
    name: "all",
    match: { path: { kind: "prefix", value: "/" }, headers: [], query: [] },
    action: { kind: "respond", status: 200 },
  } as const;
  const serve = { kind: "http", hosts: [{ domains: [domain], rules: [rule] }] } as const;
  return {
    key,
    addresses: [address],
    ports: [{
      protocol: "TCP",
      port,
      sourceRanges: [],
      chains: [{ name: "web", serverNames: [], peek: false, serve }],
    }],
    backends: [],
    certificates: [],
    authorities: [],
  };
}
