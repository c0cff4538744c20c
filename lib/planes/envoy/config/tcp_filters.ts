import type { TcpServe } from "../../../proxy/types.ts";
import { MISSING_CLUSTER } from "./names.ts";
import { extension } from "./typed.ts";
import type { JsonObject } from "./types.ts";
import { backendOf, liveShares } from "./usage.ts";

/** The filters of a chain that carries bytes. No share left: connections are reset. */
export function tcpFilters(serve: TcpServe, hashed: ReadonlySet<string>): readonly JsonObject[] {
  const shares = liveShares(serve.split).map((share) => ({
    name: backendOf(share) ?? MISSING_CLUSTER,
    weight: share.weight,
  }));
  const [first, ...others] = shares;
  const affine = shares.some(({ name }) => hashed.has(name));
  return [
    extension("envoy.filters.network.tcp_proxy", TCP_PROXY, {
      stat_prefix: "tcp",
      ...(others.length > 0
        ? { weighted_clusters: { clusters: shares } }
        : { cluster: first?.name ?? MISSING_CLUSTER }),
      // dead peers are found by keep-alive: quiet connections may stay
      idle_timeout: "0s",
      max_connect_attempts: 3,
      ...(affine ? { hash_policy: [{ source_ip: {} }] } : {}),
    }),
  ];
}

const TCP_PROXY = "envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy";
