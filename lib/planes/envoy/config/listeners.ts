import type { Chain, RoutePort, TcpPort, UdpPort } from "../../../proxy/types.ts";
import { BUFFER_BYTES } from "./clusters.ts";
import { downstreamTls } from "./downstream_tls.ts";
import { httpFilters } from "./http_connection.ts";
import { chainName, listenerName, routesFile, routesName, udpClusterName } from "./names.ts";
import type { SourceOf } from "./secrets.ts";
import { cidrRanges } from "./source_ranges.ts";
import { tcpFilters } from "./tcp_filters.ts";
import { extension, typed } from "./typed.ts";
import type { JsonObject } from "./types.ts";
import { DATAGRAM_BYTES, udpFilter } from "./udp_filters.ts";

/** Options of {@link portListeners}. */
export interface ListenerOptions {
  /** Addresses to bind. */
  readonly addresses: readonly string[];
  readonly source: SourceOf;
  /** Backends that are chosen by the client's address. */
  readonly hashed: ReadonlySet<string>;
}

/** The Envoy listeners of a port: one for each address. */
export function portListeners(port: RoutePort, options: ListenerOptions): readonly JsonObject[] {
  return options.addresses.map((address) =>
    typed("envoy.config.listener.v3.Listener", {
      name: listenerName(port, address),
      address: { socket_address: { protocol: port.protocol, address, port_value: port.port } },
      // the address may come to the machine later
      freebind: true,
      per_connection_buffer_limit_bytes: BUFFER_BYTES,
      ...(port.protocol === "TCP" ? tcpFields(port, options) : udpFields(port)),
    })
  );
}

function tcpFields(port: TcpPort, options: ListenerOptions): JsonObject {
  const peeks = port.chains.some((chain) => chain.peek || chain.serverNames.length > 0);
  return {
    ...(peeks ? { listener_filters: [TLS_INSPECTOR] } : {}),
    tcp_keepalive: { keepalive_time: 60 },
    filter_chains: port.chains.map((chain) => filterChain(chain, port, options)),
  };
}

const TLS_INSPECTOR = extension(
  "envoy.filters.listener.tls_inspector",
  "envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector",
);

function filterChain(chain: Chain, port: TcpPort, options: ListenerOptions): JsonObject {
  const { serve } = chain;
  const routes = routesName(port, chain);
  return {
    name: chainName(port, chain),
    filter_chain_match: {
      ...(chain.serverNames.length > 0 ? { server_names: chain.serverNames } : {}),
      ...(port.sourceRanges.length > 0
        ? { source_prefix_ranges: cidrRanges(port.sourceRanges) }
        : {}),
    },
    ...(chain.tls === undefined
      ? {}
      : { transport_socket: downstreamTls(chain.tls, options.source) }),
    filters: serve.kind === "http"
      ? httpFilters({ routes, source: options.source(routesFile(routes)) })
      : tcpFilters(serve, options.hashed),
  };
}

function udpFields(port: UdpPort): JsonObject {
  return {
    udp_listener_config: {
      downstream_socket_config: { max_rx_datagram_size: DATAGRAM_BYTES },
    },
    listener_filters: [udpFilter(port, udpClusterName(port), port.affinity === "client-ip")],
  };
}
