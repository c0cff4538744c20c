import type { UdpPort } from "../../../proxy/types.ts";
import { cidrRanges } from "./source_ranges.ts";
import { extension, typed } from "./typed.ts";
import type { JsonObject } from "./types.ts";

/** Largest datagram there is; Envoy's default would cut those of more than 1500 bytes. */
export const DATAGRAM_BYTES = 65_535;

const UDP_PROXY = "envoy.extensions.filters.udp.udp_proxy.v3";

/** The listener filter of a UDP port; datagrams from outside of its source ranges are dropped. */
export function udpFilter(port: UdpPort, cluster: string, hashed: boolean): JsonObject {
  return extension("envoy.filters.udp_listener.udp_proxy", `${UDP_PROXY}.UdpProxyConfig`, {
    stat_prefix: "udp",
    matcher: matcher(port, cluster),
    idle_timeout: "60s",
    upstream_socket_config: { max_rx_datagram_size: DATAGRAM_BYTES },
    ...(hashed ? { hash_policies: [{ source_ip: true }] } : {}),
  });
}

function matcher(port: UdpPort, cluster: string): JsonObject {
  const on_match = { action: extension("route", `${UDP_PROXY}.Route`, { cluster }) };
  if (port.sourceRanges.length === 0) return { on_no_match: on_match };
  return {
    matcher_tree: {
      input: extension(
        "envoy.matching.inputs.source_ip",
        "envoy.extensions.matching.common_inputs.network.v3.SourceIPInput",
      ),
      custom_match: {
        name: "ip",
        typed_config: typed("xds.type.matcher.v3.IPMatcher", {
          range_matchers: [{ ranges: cidrRanges(port.sourceRanges), on_match }],
        }),
      },
    },
  };
}
