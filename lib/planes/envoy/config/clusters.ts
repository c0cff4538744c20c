import type { Backend } from "../../../proxy/types.ts";
import { typed } from "./typed.ts";
import type { JsonObject } from "./types.ts";
import { upstreamSocket, type UpstreamSocketOptions } from "./upstream_tls.ts";

/** Envoy's own default of 1024 would be a limit on clients of one Service. */
const UNLIMITED = 4_000_000_000;

/** Bytes that Envoy keeps for one connection before it stops reading. */
export const BUFFER_BYTES = 32_768;

const HTTP_OPTIONS = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions";

/** Options of {@link backendCluster}. */
export interface ClusterOptions extends UpstreamSocketOptions {
  /** Config source of the endpoints. */
  readonly endpoints: JsonObject;
  /** Endpoints are chosen by the client's address. */
  readonly hashed: boolean;
  /** The endpoints are those of a split, with weights. */
  readonly weighted?: boolean;
}

/** The cluster of a backend; its endpoints are in a file of their own. */
export function backendCluster(backend: Backend, options: ClusterOptions): JsonObject {
  const socket = upstreamSocket(backend, options);
  return {
    ...endpointCluster(backend.name, options),
    ...(options.weighted ? WEIGHTED : {}),
    ...protocolFields(backend),
    upstream_connection_options: { tcp_keepalive: { keepalive_time: 60 } },
    ...(socket === undefined ? {} : { transport_socket: socket }),
  };
}

/** The cluster of all shares of a UDP port. */
export function udpCluster(
  name: string,
  options: Pick<ClusterOptions, "endpoints" | "hashed">,
): JsonObject {
  return { ...endpointCluster(name, options), ...WEIGHTED };
}

const WEIGHTED: JsonObject = {
  common_lb_config: { healthy_panic_threshold: { value: 0 }, locality_weighted_lb_config: {} },
};

function endpointCluster(
  name: string,
  options: Pick<ClusterOptions, "endpoints" | "hashed">,
): JsonObject {
  return typed("envoy.config.cluster.v3.Cluster", {
    name,
    type: "EDS",
    eds_cluster_config: { eds_config: options.endpoints },
    connect_timeout: "5s",
    per_connection_buffer_limit_bytes: BUFFER_BYTES,
    ...(options.hashed
      // a smaller table than the default of 65,537 saves half a megabyte for each cluster
      ? { lb_policy: "MAGLEV", maglev_lb_config: { table_size: 16_381 } }
      : { lb_policy: "ROUND_ROBIN" }),
    common_lb_config: { healthy_panic_threshold: { value: 0 } },
    circuit_breakers: { thresholds: [LIMITS] },
  });
}

/** Without a budget Envoy stops at three retries at a time. */
const LIMITS: JsonObject = {
  max_connections: UNLIMITED,
  max_pending_requests: UNLIMITED,
  max_requests: UNLIMITED,
  retry_budget: { budget_percent: { value: 25 }, min_retry_concurrency: 20 },
};

function protocolFields({ protocol, tls }: Backend): JsonObject {
  if (protocol === "tcp" || protocol === "udp") return {};
  const http2 = { http2_protocol_options: { allow_connect: true } };
  const chosen = {
    http1: { explicit_http_config: { http_protocol_options: {} } },
    h2: { explicit_http_config: http2 },
    auto: tls === undefined
      ? { use_downstream_protocol_config: { http_protocol_options: {}, ...http2 } }
      // with TLS the backend says what it speaks
      : { auto_config: { http_protocol_options: {}, ...http2 } },
  }[protocol];
  return { typed_extension_protocol_options: { [HTTP_OPTIONS]: typed(HTTP_OPTIONS, chosen) } };
}
