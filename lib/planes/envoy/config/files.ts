import type { Backend, RoutePort, RouteSpec, Share } from "../../../proxy/types.ts";
import { backendEndpoints, splitEndpoints } from "./endpoints.ts";
import { backendCluster, udpCluster } from "./clusters.ts";
import { endpointsFile, filePorts } from "./file_ports.ts";
import { joinSplits } from "./joined_splits.ts";
import { portListeners } from "./listeners.ts";
import { hash64, routesFile, routesName, statName, udpClusterName } from "./names.ts";
import { routeConfiguration } from "./route_configuration.ts";
import { authorityFile, authoritySecret, certificateFile, certificateSecret } from "./secrets.ts";
import { servable } from "./servable.ts";
import { type Sources, sources } from "./source.ts";
import type { EnvoyFile, FilesOptions, JsonObject } from "./types.ts";
import { type Usage, usageOf } from "./usage.ts";

const SYSTEM_AUTHORITY = "/etc/ssl/certs/ca-certificates.crt";

/** A file before its version is known. */
type Draft = Omit<EnvoyFile, "content" | "version" | "secret" | "ports"> & {
  readonly resources: readonly JsonObject[];
  /** What the version follows from, where that may not be the content. */
  readonly identity?: string;
};

/** A spec that Envoy accepts as a whole, and what is known about it. */
interface Context {
  readonly spec: RouteSpec;
  /** Splits that are one backend, by its name. */
  readonly joined: ReadonlyMap<string, readonly Share[]>;
  readonly usage: Usage;
  readonly sources: Sources;
  readonly options: FilesOptions;
}

/** The files of a spec in the order of writing; see the type `EnvoyFiles`. */
export function envoyFiles(given: RouteSpec, options: FilesOptions): readonly EnvoyFile[] {
  const { spec, joined } = joinSplits(servable(given).spec);
  const usage = usageOf(spec);
  const routes = routeDrafts(spec, usage);
  const endpoints = endpointDrafts(spec, { usage, joined });
  const watched = [...routes, ...endpoints].map(({ name }) => name);
  const context = { spec, joined, usage, options, sources: sources(watched, options) };
  const drafts = [
    ...secretDrafts(spec),
    ...endpoints,
    clusterDraft(context),
    ...routes,
    listenerDraft(context),
  ];
  const ports = filePorts(spec);
  return drafts.map((draft) => finished(draft, ports.get(draft.name) ?? []));
}

function finished({ resources, identity, ...draft }: Draft, ports: readonly number[]): EnvoyFile {
  const version = hash64(identity ?? JSON.stringify(resources));
  return {
    ...draft,
    ports,
    version,
    content: JSON.stringify({ version_info: version, resources }),
    secret: identity !== undefined,
  };
}

function secretDrafts({ certificates, authorities }: RouteSpec): readonly Draft[] {
  return [
    ...certificates.map((certificate): Draft => ({
      name: certificateFile(certificate.name),
      kind: "sds",
      resources: [certificateSecret(certificate)],
      // a key has exactly one certificate that fits, so the version need not know the key
      identity: certificate.certificate,
      versionStat: secretStat(`certificate/${certificate.name}`),
    })),
    ...authorities.map((authority): Draft => ({
      name: authorityFile(authority.name),
      kind: "sds",
      resources: [authoritySecret(authority)],
      versionStat: secretStat(`authority/${authority.name}`),
    })),
  ];
}

function secretStat(name: string): string {
  return `sds.${statName(name)}.version_text`;
}

function endpointDrafts(
  spec: RouteSpec,
  { usage, joined }: Pick<Context, "usage" | "joined">,
): readonly Draft[] {
  const byName = new Map(spec.backends.map((backend) => [backend.name, backend]));
  return [
    ...usedBackends(spec, usage.used).map((backend): Draft => {
      const { name } = backend;
      const split = joined.get(name);
      const endpoints = split === undefined
        ? backendEndpoints(backend)
        : splitEndpoints(name, split, byName);
      return { ...endpointsDraft(name), resources: [endpoints] };
    }),
    ...udpPorts(spec).map((port): Draft => {
      const cluster = udpClusterName(port);
      return {
        ...endpointsDraft(cluster),
        resources: [splitEndpoints(cluster, port.split, byName)],
      };
    }),
  ];
}

function endpointsDraft(cluster: string) {
  return {
    name: endpointsFile(cluster),
    kind: "eds",
    versionStat: `cluster.${statName(cluster)}.version_text`,
  } as const;
}

function clusterDraft({ spec, joined, usage, sources, options }: Context): Draft {
  const endpoints = (cluster: string) => sources.of(endpointsFile(cluster));
  const backends = usedBackends(spec, usage.used).map((backend) =>
    backendCluster(backend, {
      endpoints: endpoints(backend.name),
      hashed: usage.hashed.has(backend.name),
      weighted: joined.has(backend.name),
      source: sources.of,
      systemAuthority: options.systemAuthority ?? SYSTEM_AUTHORITY,
    })
  );
  const udp = udpPorts(spec).map((port) =>
    udpCluster(udpClusterName(port), {
      endpoints: endpoints(udpClusterName(port)),
      hashed: port.affinity === "client-ip",
    })
  );
  return {
    name: "cds.json",
    kind: "cds",
    resources: [...backends, ...udp],
    versionStat: "cluster_manager.cds.version_text",
  };
}

function routeDrafts(spec: RouteSpec, { hashed }: Usage): readonly Draft[] {
  const named = spec.ports.flatMap((port) =>
    port.protocol === "UDP"
      ? []
      : port.chains.flatMap((chain) =>
        chain.serve.kind === "http" ? [[routesName(port, chain), chain.serve] as const] : []
      )
  );
  // chains that share rules name the same ones
  return [...new Map(named)].map(([name, serve]): Draft => ({
    name: routesFile(name),
    kind: "rds",
    resources: [routeConfiguration(serve, { name, hashed })],
    versionStat: `http.http.rds.${statName(name)}.version_text`,
  }));
}

function listenerDraft({ spec, usage, sources, options }: Context): Draft {
  const listeners = spec.ports.flatMap((port) =>
    portListeners(port, {
      addresses: boundAddresses(port, spec, options),
      source: sources.of,
      hashed: usage.hashed,
    })
  );
  return {
    name: "lds.json",
    kind: "lds",
    resources: listeners,
    versionStat: "listener_manager.lds.version_text",
  };
}

function boundAddresses(port: RoutePort, spec: RouteSpec, { bind = {} }: FilesOptions) {
  const addresses = port.addresses ?? spec.addresses;
  return [...new Set(addresses.map((address) => bind[address] ?? address))];
}

function usedBackends(spec: RouteSpec, used: ReadonlySet<string>): readonly Backend[] {
  return spec.backends.filter(({ name }) => used.has(name));
}

function udpPorts(spec: RouteSpec) {
  return spec.ports.filter((port) => port.protocol === "UDP");
}
