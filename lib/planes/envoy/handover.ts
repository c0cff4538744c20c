import { type EnvoyFile, hash64 } from "./config/mod.ts";

/** Files of a change, in turns: each is written when Envoy runs those before it. */
export type Turns = readonly (readonly EnvoyFile[])[];

/**
 * Orders a change so that no request meets a route whose cluster is not there: new clusters come
 * before the routes that lead to them, and old ones go after. Envoy looks at files in any order,
 * so one turn is enough only where clusters neither come nor go.
 *
 * @param before the content of `cds.json` as it was written last
 */
export function handover(changed: readonly EnvoyFile[], before: string): Turns {
  const cds = changed.find(({ kind }) => kind === "cds");
  const routes = changed.filter(({ kind }) => kind === "rds" || kind === "lds");
  const old = clustersOf(before);
  if (cds === undefined || routes.length === 0 || old.size === 0) return [changed];
  const next = clustersOf(cds.content);
  const going = [...old].filter(([name]) => !next.has(name)).map(([, cluster]) => cluster);
  const isNew = [...next.keys()].some((name) => !old.has(name));
  if (!isNew && going.length === 0) return [changed];
  const others = changed.filter((file) => file !== cds && !routes.includes(file));
  if (!isNew) return [[...others, ...routes], [cds]];
  if (going.length === 0) return [[...others, cds], routes];
  return [[...others, withClusters(cds, [...next.values(), ...going])], routes, [cds]];
}

function clustersOf(content: string): ReadonlyMap<string, unknown> {
  if (content === "") return new Map();
  const { resources } = JSON.parse(content) as { resources: readonly { readonly name: string }[] };
  return new Map(resources.map((cluster) => [cluster.name, cluster]));
}

function withClusters(cds: EnvoyFile, resources: readonly unknown[]): EnvoyFile {
  const version = hash64(JSON.stringify(resources));
  return { ...cds, version, content: JSON.stringify({ version_info: version, resources }) };
}
