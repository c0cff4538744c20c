/**
 * The architecture as tables: which folder of `lib` may import which, which files touch the
 * machine, and where a library may be named. For the lint plugin, the cycle check and people.
 */

/** What each folder may import besides itself; `types.ts` and `x_types.ts` may be imported as types by all. */
export const LAYERS: Readonly<Record<string, readonly string[]>> = {
  core: [],
  net: ["core"],
  telemetry: ["core"],
  addresses: ["core", "net"],
  proxy: ["core", "net"],
  runtime: ["core", "net", "telemetry"],
  kube: ["core", "net", "telemetry"],
  dispatch: ["core", "net", "telemetry"],
  planes: [],
  "planes/agent": ["core"],
  "planes/kernel": ["core", "net", "proxy", "telemetry", "planes", "planes/agent"],
  "planes/embedded": ["core", "net", "proxy", "telemetry", "planes"],
  "planes/envoy": ["core", "net", "proxy", "telemetry", "planes", "planes/agent", "runtime"],
  announce: ["core", "net", "proxy"],
  gateway: ["core", "net", "proxy", "services"],
  ingress: ["core", "net", "proxy", "services", "gateway"],
  pools: ["core", "net", "addresses"],
  keepalived: ["core", "net", "addresses", "services"],
  lease: ["core", "net", "telemetry", "kube"],
  monitor: ["core"],
  ipam: ["core", "net", "addresses"],
  clusters: ["core", "net", "telemetry", "kube", "runtime"],
  services: ["core", "net", "addresses", "proxy"],
  embedded: ["core", "net", "telemetry"],
};

/** Folders that may import everything; nothing imports them, except `main.ts` the CLI. */
export const TOP_LAYERS: readonly string[] = ["cli", "workers"];

/** Libraries that one folder alone may name (by the start of the specifier). */
export const LIBRARY_HOMES: Readonly<Record<string, string>> = {
  "@kubernetes/client-node": "kube",
  "dockerode": "runtime",
  "@optique/": "cli",
  "ip-num": "net",
  "prom-client": "monitor",
};

/**
 * The files that touch the machine, and what they touch. Every other file of `lib` is free of I/O,
 * clock, timers, randomness and ambient state: it gets values and ports as arguments.
 */
export const ADAPTERS: Readonly<Record<string, string>> = {
  "cli/app/agent_rights.ts": "own permissions",
  "cli/app/api_session.ts": "randomness for back-off",
  "cli/app/gateway_api.ts": "randomness for back-off",
  "cli/app/cluster_controller.ts": "randomness for back-off",
  "cli/app/cluster_config.ts": "kubeconfig that a person names",
  "cli/app/serve_ipam.ts": "randomness for back-off",
  "cli/app/logs_directory.ts": "directory of logs",
  "cli/app/keepalived_process.ts": "keepalived, its file and process id",
  "cli/app/vip_watch.ts": "randomness for back-off",
  "cli/app/replica.ts": "randomness for attempts, a random identity",
  "cli/app/serve_clusters.ts": "environment of the engine",
  "cli/app/serve_dev.ts": "kubeconfig of the embedded cluster",
  "cli/sources/doctor.ts": "loopback addresses",
  "cli/sources/given_files.ts": "files that a person names, and standard input",
  "cli/sources/status.ts": "kubeconfig that a person names",
  "cli/version_facts.ts": "runtime and platform",
  "clusters/identity.ts": "hash of certificates",
  "clusters/probe.ts": "API servers",
  "core/clock.ts": "clock and timers",
  "dispatch/dispatcher.ts": "microtasks",
  "dispatch/worker_channel.ts": "Web Workers",
  "embedded/backends/http_backend.ts": "listeners of sample Pods",
  "embedded/backends/sample_runner.ts": "listeners of sample Pods",
  "embedded/controllers/work_set.ts": "microtasks",
  "embedded/make_registry.ts": "random names and UIDs",
  "embedded/serve.ts": "listener of the embedded API",
  "embedded/static_paths.ts": "platform",
  "embedded/watch_stream.ts": "timers of watches",
  "kube/client.ts": "API server",
  "kube/credentials.ts": "certificates of the API server",
  "monitor/health_server.ts": "listener for probes and metrics",
  "planes/embedded/tcp_server.ts": "sockets",
  "planes/embedded/udp_socket.ts": "sockets",
  "planes/envoy/proxy_id.ts": "random names",
  "runtime/detect.ts": "docker's configuration",
  "runtime/docker_context.ts": "hash of context names",
  "runtime/permissions.ts": "own permissions",
  "telemetry/log.ts": "standard error",
};

/** Names that say nothing about the contents of a file. */
export const DRAWER_NAMES: readonly string[] = [
  "utils",
  "util",
  "helpers",
  "helper",
  "common",
  "manager",
  "index",
  "misc",
  "shared",
];

/** Where a file stands: its layer, and its path below the repository. */
export interface Place {
  /** `core`, `planes/kernel`, `workers`, `main`, or undefined outside the product's code. */
  readonly layer: string | undefined;
  /** Path from the repository root, with forward slashes: `lib/core/clock.ts`. */
  readonly path: string;
}

/** Finds the place of a file from its absolute or relative name. */
export function placeOf(filename: string): Place {
  const name = filename.replaceAll("\\", "/");
  const match = /(?:^|\/)((?:lib|workers|tests|scripts)\/.*|main\.ts)$/.exec(name);
  const path = rootedPath(name) ?? match?.[1] ?? name;
  return { layer: layerOf(path), path };
}

/** The layer of a path below the repository root. */
export function layerOf(path: string): string | undefined {
  if (path === "main.ts") return "main";
  if (path.startsWith("workers/")) return "workers";
  const [top, first, second, third] = path.split("/");
  if (top !== "lib" || first === undefined || second === undefined) return undefined;
  return first === "planes" && third !== undefined ? `${first}/${second}` : first;
}

/** Says why an import across layers is not allowed, or undefined when it is. */
export function layerBreach(
  from: string,
  to: string,
  what: { readonly typeOnly: boolean; readonly file: string },
): string | undefined {
  if (from === to) return undefined;
  if (from === "main") return to === "cli" ? undefined : `main.ts may import lib/cli only`;
  if (TOP_LAYERS.includes(to) || to === "main") return `nothing may import ${to}`;
  if (TOP_LAYERS.includes(from)) return undefined;
  if (what.typeOnly && /(^|_)types\.ts$/.test(what.file)) return undefined;
  const allowed = LAYERS[from];
  if (allowed === undefined) return `lib/${from} has no row in scripts/lint/layers.ts: add one`;
  if (allowed.includes(to)) return undefined;
  const list = allowed.length === 0 ? "nothing" : allowed.join(", ");
  return `lib/${from} may import ${list}, not ${to}`;
}

/** True when a path below `lib/` may not touch the machine. */
export function isPure(pathInLib: string): boolean {
  return !(pathInLib in ADAPTERS);
}

function rootedPath(name: string): string | undefined {
  const root = new URL("../..", import.meta.url).pathname;
  return name.startsWith(root) ? name.slice(root.length) : undefined;
}
