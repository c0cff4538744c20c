import assert from "assert";
import { portListeners } from "../../../../../lib/planes/envoy/config/listeners.ts";
import { routesFile } from "../../../../../lib/planes/envoy/config/names.ts";
import {
  chainOf,
  httpPort,
  rawChain,
  ruleWith,
  shareOf,
  tcpPort,
  udpPort,
} from "../../../../fakes/route_parts.ts";
import type { RoutePort } from "../../../../../lib/proxy/types.ts";

const options = {
  addresses: ["172.18.255.1", "fc00::1"],
  source: (file: string) => ({ path: file }),
  hashed: new Set<string>(),
};

Deno.test("portListeners() makes one listener for each address", () => {
  const names = listenersOf(httpPort([ruleWith()])).map(({ name }) => name);
  assert.deepEqual(names, ["tcp-80-172.18.255.1", "tcp-80-fc00::1"]);
});

Deno.test("portListeners() reads the server name only where one is asked for", () => {
  const tls = { certificates: ["c"], alpn: [] };
  const plain = tcpPort([chainOf([], { tls })]);
  const named = tcpPort([chainOf([], { tls, serverNames: ["a.example"] }), rawChain([])]);
  const peeking = tcpPort([rawChain([], { peek: true })]);
  const seen = [plain, named, peeking].map((port) => listenersOf(port)[0]?.listener_filters);
  assert.deepEqual(seen.map((filters) => filters !== undefined), [false, true, true]);
});

Deno.test("portListeners() matches server names and source ranges", () => {
  const chains = [rawChain([], { serverNames: ["*.a.example"], peek: true }), rawChain([])];
  const port = tcpPort(chains, { sourceRanges: ["10.0.0.0/8"] });
  const source_prefix_ranges = [{ address_prefix: "10.0.0.0", prefix_len: 8 }];
  const [listener] = listenersOf(port);
  assert.deepEqual(listener?.filter_chains.map((chain) => chain.filter_chain_match), [
    { server_names: ["*.a.example"], source_prefix_ranges },
    { source_prefix_ranges },
  ]);
});

Deno.test("portListeners() names the file of the routes", () => {
  const [listener] = listenersOf(httpPort([ruleWith()]));
  const { rds } = listener?.filter_chains[0]?.filters[0]?.typed_config ?? {};
  assert.equal(rds?.config_source.path, routesFile(rds?.route_config_name ?? ""));
});

Deno.test("portListeners() carries datagrams", () => {
  const [listener] = listenersOf(udpPort([shareOf("a")]));
  assert.equal(listener?.address.socket_address.protocol, "UDP");
  assert.equal(listener?.listener_filters?.[0]?.name, "envoy.filters.udp_listener.udp_proxy");
});

interface Listener {
  name: string;
  address: { socket_address: { protocol: string } };
  listener_filters?: { name: string }[];
  filter_chains: {
    filter_chain_match: unknown;
    filters: {
      typed_config: { rds?: { route_config_name: string; config_source: { path: string } } };
    }[];
  }[];
}

function listenersOf(port: RoutePort): Listener[] {
  return JSON.parse(JSON.stringify(portListeners(port, options)));
}
