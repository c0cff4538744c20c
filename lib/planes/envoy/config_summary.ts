import * as v from "valibot";
import { AppError } from "../../core/mod.ts";
import { MISSING_CLUSTER, NOWHERE } from "./config/mod.ts";
import { type RefusedUpdate, refusedUpdates } from "./confirmation.ts";

/** What a proxy runs, in short. */
export interface ProxySummary {
  readonly listeners: readonly ListenerSummary[];
  readonly backends: readonly BackendSummary[];
  /** What Envoy does not take of the newest files; it runs what it had before. */
  readonly refused: readonly RefusedUpdate[];
}

/** A port on one address. */
export interface ListenerSummary {
  readonly address: string;
  readonly port: number;
  readonly protocol: "TCP" | "UDP";
  readonly serves: readonly ServeSummary[];
}

/** What a port serves, for some hosts. */
export interface ServeSummary {
  readonly what: "HTTP" | "HTTPS" | "TCP" | "TLS" | "TLS passthrough" | "UDP";
  /** Empty: every host. */
  readonly hosts: readonly string[];
  /** Names of backends; empty: nothing is passed on. */
  readonly backends: readonly string[];
}

/** Endpoints of one name. */
export interface BackendSummary {
  readonly name: string;
  readonly endpoints: readonly EndpointSummary[];
}

/** One Pod or node, as Envoy sees it. */
export interface EndpointSummary {
  /** `10.244.0.5:8080`, `[fd00::5]:8080`. */
  readonly address: string;
  /** `healthy`, `unhealthy`, `draining`, … */
  readonly health: string;
}

const place = v.object({
  socket_address: v.object({
    protocol: v.optional(v.string(), "TCP"),
    address: v.string(),
    port_value: v.number(),
  }),
});

const chain = v.object({
  filter_chain_match: v.optional(
    v.object({ server_names: v.optional(v.array(v.string()), []) }),
    {},
  ),
  transport_socket: v.optional(v.unknown()),
  filters: v.optional(v.unknown()),
});

const listenerState = v.object({
  listener: v.object({
    address: place,
    filter_chains: v.optional(v.array(chain), []),
    listener_filters: v.optional(v.unknown()),
  }),
});

const routes = v.object({
  name: v.string(),
  virtual_hosts: v.optional(
    v.array(v.object({ domains: v.array(v.string()), routes: v.optional(v.unknown()) })),
    [],
  ),
});

const assignment = v.object({
  cluster_name: v.string(),
  endpoints: v.optional(
    v.array(v.object({
      lb_endpoints: v.optional(
        v.array(v.object({
          endpoint: v.object({ address: place }),
          health_status: v.optional(v.string(), "UNKNOWN"),
        })),
        [],
      ),
    })),
    [],
  ),
});

const clusters = v.optional(v.array(v.object({ cluster: v.object({ name: v.string() }) })), []);

/** The parts of `/config_dump?include_eds` that the summary needs (envoy.admin.v3.ConfigDump). */
const dumpSchema = v.object({
  configs: v.array(v.object({
    dynamic_listeners: v.optional(
      v.array(v.object({
        active_state: v.optional(listenerState),
        warming_state: v.optional(listenerState),
      })),
      [],
    ),
    dynamic_route_configs: v.optional(v.array(v.object({ route_config: routes })), []),
    dynamic_active_clusters: clusters,
    dynamic_warming_clusters: clusters,
    dynamic_endpoint_configs: v.optional(v.array(v.object({ endpoint_config: assignment })), []),
  })),
});

type Listener = v.InferOutput<typeof listenerState>["listener"];
type Chain = v.InferOutput<typeof chain>;
type Routes = v.InferOutput<typeof routes>;
type Assignment = v.InferOutput<typeof assignment>;

/**
 * Reads a config dump: which port leads to which backends, and these to which endpoints.
 *
 * @throws AppError `internal` for what is no config dump.
 */
export function summarize(dump: unknown): ProxySummary {
  const parsed = v.safeParse(dumpSchema, dump);
  if (!parsed.success) {
    const why = parsed.issues[0].message;
    throw new AppError(`what Envoy tells cannot be read (${why}): use --output json`, {
      kind: "internal",
    });
  }
  const { configs } = parsed.output;
  const known = configs.flatMap((one) => one.dynamic_route_configs);
  const byName = new Map(known.map(({ route_config: one }) => [one.name, one]));
  return {
    listeners: configs.flatMap((one) => one.dynamic_listeners)
      // one that is going has neither
      .flatMap(({ active_state, warming_state }) => (active_state ?? warming_state)?.listener ?? [])
      .map((listener) => listenerSummary(listener, byName)),
    backends: backendSummaries(
      configs.flatMap((one) => [...one.dynamic_active_clusters, ...one.dynamic_warming_clusters])
        .map(({ cluster }) => cluster.name),
      configs.flatMap((one) => one.dynamic_endpoint_configs).map((one) => one.endpoint_config),
    ),
    refused: refusedUpdates(dump),
  };
}

function listenerSummary(
  { address: { socket_address: at }, filter_chains, listener_filters }: Listener,
  byName: ReadonlyMap<string, Routes>,
): ListenerSummary {
  const isUdp = at.protocol === "UDP";
  const serves = isUdp
    ? [{ what: "UDP", hosts: [], backends: backendsIn(listener_filters) } as const]
    : filter_chains.flatMap((one) => chainSummaries(one, byName));
  return { address: at.address, port: at.port_value, protocol: isUdp ? "UDP" : "TCP", serves };
}

function chainSummaries(
  { filter_chain_match: { server_names: names = [] }, transport_socket: tls, filters }: Chain,
  byName: ReadonlyMap<string, Routes>,
): readonly ServeSummary[] {
  const [routesName] = textsAt(filters, "route_config_name");
  if (routesName === undefined) {
    const what = tls !== undefined ? "TLS" : names.length > 0 ? "TLS passthrough" : "TCP";
    return [{ what, hosts: names, backends: backendsIn(filters) }];
  }
  const hosts = byName.get(routesName)?.virtual_hosts ?? [];
  // hosts of other listeners are turned away: nothing is served there
  return hosts.filter(({ routes: rules }) => !isMisdirected(rules)).map(({
    domains,
    routes: rules,
  }) => ({
    what: tls === undefined ? "HTTP" : "HTTPS",
    hosts: domains.includes("*") ? names : domains,
    backends: backendsIn(rules),
  }));
}

function isMisdirected(rules: unknown): boolean {
  return backendsIn(rules).length === 0 &&
    valuesAt(rules, "direct_response").some((one) => valuesAt(one, "status").includes(421));
}

function backendSummaries(
  names: readonly string[],
  assignments: readonly Assignment[],
): readonly BackendSummary[] {
  const byName = new Map(assignments.map((one) => [one.cluster_name, one.endpoints]));
  return [...new Set(names)].toSorted().map((name) => ({
    name,
    endpoints: (byName.get(name) ?? []).flatMap((one) => one.lb_endpoints)
      .map(({ endpoint: { address: { socket_address: at } }, health_status: health }) => ({
        address: withPort(at.address, at.port_value),
        health: health.toLowerCase(),
      }))
      .filter(({ address }) => address !== withPort(NOWHERE.address, NOWHERE.port)),
  }));
}

/** Clusters that a part of a configuration names, each once. */
function backendsIn(part: unknown): readonly string[] {
  const weighted = valuesAt(part, "weighted_clusters").flatMap((one) => textsAt(one, "name"));
  const found = new Set([...textsAt(part, "cluster"), ...weighted]);
  return [...found].filter((name) => name !== MISSING_CLUSTER).toSorted();
}

function textsAt(part: unknown, name: string): readonly string[] {
  return valuesAt(part, name).filter((one) => typeof one === "string");
}

/** Every value of a field of that name, however deep. */
function valuesAt(part: unknown, name: string): readonly unknown[] {
  if (typeof part !== "object" || part === null) return [];
  return Object.entries(part).flatMap(([key, value]) =>
    key === name ? [value] : valuesAt(value, name)
  );
}

function withPort(address: string, port: number): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}
