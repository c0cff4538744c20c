import { watchedFile } from "./source.ts";
import { extension } from "./typed.ts";
import type { BootstrapOptions, JsonObject } from "./types.ts";

const MIB = 1024 * 1024;

/**
 * Statistics that are kept: what confirms or refuses a file, and what runs. All others would cost
 * about 40 % more memory.
 */
const KEPT_STATS: readonly JsonObject[] = [
  { suffix: ".version_text" },
  { suffix: ".update_success" },
  { suffix: ".update_rejected" },
  { suffix: ".update_failure" },
  { suffix: ".downstream_cx_active" },
  { suffix: ".init_fetch_timeout" },
  { exact: "listener_manager.total_listeners_warming" },
  { exact: "listener_manager.total_listeners_active" },
  { exact: "listener_manager.total_listeners_draining" },
  { exact: "listener_manager.listener_create_failure" },
  { exact: "cluster_manager.warming_clusters" },
  { prefix: "server.live" },
];

/** The text of `bootstrap.json`; see the type `Bootstrap`. */
export function bootstrap(options: BootstrapOptions): string {
  return JSON.stringify({
    node: { id: options.id, cluster: "berth" },
    admin: { address: { pipe: { path: options.adminSocket, mode: 0o660 } } },
    dynamic_resources: {
      lds_config: watchedFile(`${options.directory}/lds.json`),
      cds_config: watchedFile(`${options.directory}/cds.json`),
    },
    stats_config: { stats_matcher: { inclusion_list: { patterns: KEPT_STATS } } },
    // nothing reads them periodically: waking up for it would only cost
    stats_flush_interval: "60s",
    overload_manager: overload(options),
    layered_runtime: { layers: [{ name: "static", static_layer: RUNTIME }] },
  });
}

/** Regular expressions are limited by `regexProblem`, not by RE2's number of instructions. */
const RUNTIME: JsonObject = {
  "re2.max_program_size.error_level": 1_000_000,
  "re2.max_program_size.warn_level": 1_000_000,
};

function overload(options: BootstrapOptions): JsonObject {
  const heap = "envoy.resource_monitors.fixed_heap";
  const connections = "envoy.resource_monitors.global_downstream_max_connections";
  const above = (value: number) => [{ name: heap, threshold: { value } }];
  return {
    refresh_interval: "1s",
    resource_monitors: [
      extension(heap, "envoy.extensions.resource_monitors.fixed_heap.v3.FixedHeapConfig", {
        max_heap_size_bytes: options.maxHeapBytes ?? 256 * MIB,
      }),
      extension(
        connections,
        "envoy.extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig",
        { max_active_downstream_connections: options.maxConnections ?? 50_000 },
      ),
    ],
    actions: [
      { name: "envoy.overload_actions.shrink_heap", triggers: above(0.8) },
      { name: "envoy.overload_actions.disable_http_keepalive", triggers: above(0.95) },
      { name: "envoy.overload_actions.stop_accepting_requests", triggers: above(0.98) },
    ],
  };
}
