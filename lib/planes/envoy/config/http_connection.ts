import { CORS_FILTER } from "./cors.ts";
import { SESSION_FILTER } from "./persistence.ts";
import { extension } from "./typed.ts";
import type { JsonObject } from "./types.ts";

/** Options of {@link httpFilters}. */
export interface HttpFiltersOptions {
  /** Name of the route configuration. */
  readonly routes: string;
  /** Its config source. */
  readonly source: JsonObject;
}

/**
 * The filters of a chain that speaks HTTP. All chains have the same settings, so that a change of
 * routes never changes a listener. They follow Envoy's guide for proxies at the edge, but: header
 * names with underscores pass (gRPC metadata has them; nothing behind trusts headers that the
 * proxy sets under such names), and streams may be quiet for an hour.
 */
export function httpFilters(options: HttpFiltersOptions): readonly JsonObject[] {
  return [
    extension("envoy.filters.network.http_connection_manager", MANAGER, {
      stat_prefix: "http",
      codec_type: "AUTO",
      rds: { route_config_name: options.routes, config_source: options.source },
      http_filters: FILTERS,
      upgrade_configs: [{ upgrade_type: "websocket" }],
      ...CLIENT_ADDRESS,
      ...PATHS,
      ...LIMITS,
      local_reply_config: { mappers: [UNAVAILABLE] },
      // the backend's own name wins, but clients always get one
      server_name: "berth",
      server_header_transformation: "APPEND_IF_ABSENT",
    }),
  ];
}

const MANAGER = "envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager";

const FILTERS: readonly JsonObject[] = [
  extension(CORS_FILTER, "envoy.extensions.filters.http.cors.v3.Cors"),
  extension(SESSION_FILTER, "envoy.extensions.filters.http.stateful_session.v3.StatefulSession"),
  extension("envoy.filters.http.router", "envoy.extensions.filters.http.router.v3.Router", {
    suppress_envoy_headers: true,
  }),
];

/**
 * Nobody in front of us is trusted, wherever the client is: nor are its `x-envoy-…` headers, which
 * set time limits and tries. Without ranges Envoy trusts all private addresses, and those are what
 * our clients have; nobody has the one named here.
 */
const CLIENT_ADDRESS: JsonObject = {
  use_remote_address: true,
  xff_num_trusted_hops: 0,
  internal_address_config: {
    unix_sockets: false,
    cidr_ranges: [{ address_prefix: "255.255.255.255", prefix_len: 32 }],
  },
};

/** A reference that does not hold is UNAVAILABLE for gRPC, which Envoy makes of 503, not of 500. */
const UNAVAILABLE: JsonObject = {
  filter: {
    and_filter: {
      filters: [
        { status_code_filter: { comparison: { op: "EQ", value: statusCode(500) } } },
        {
          header_filter: {
            header: { name: "content-type", string_match: { prefix: "application/grpc" } },
          },
        },
      ],
    },
  },
  status_code: 503,
};

function statusCode(status: number): JsonObject {
  return { default_value: status, runtime_key: "berth.none" };
}

const PATHS: JsonObject = {
  normalize_path: true,
  merge_slashes: true,
  path_with_escaped_slashes_action: "UNESCAPE_AND_REDIRECT",
};

const LIMITS: JsonObject = {
  request_headers_timeout: "10s",
  stream_idle_timeout: "3600s",
  request_timeout: "0s",
  // a client that reads to the end waits this long for it
  delayed_close_timeout: "0.05s",
  max_request_headers_kb: 60,
  common_http_protocol_options: {
    idle_timeout: "3600s",
    max_headers_count: 100,
    headers_with_underscores_action: "ALLOW",
  },
  http_protocol_options: { accept_http_10: true },
  http2_protocol_options: {
    allow_connect: true,
    max_concurrent_streams: 100,
    initial_stream_window_size: 65_536,
    initial_connection_window_size: 1_048_576,
  },
};
