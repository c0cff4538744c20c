import type { EnvoyFile } from "./config/mod.ts";

/** Statistics by name, as `/stats` writes them: `name: value`, texts in quotes. */
export type Stats = ReadonlyMap<string, string>;

/** How far Envoy is with files that were written. */
export interface Verdict {
  /** It has not said yet what becomes of all of them. */
  readonly isWaiting: boolean;
  /** Those that it does not take. */
  readonly refused: readonly EnvoyFile[];
}

/** The administration path that tells what {@link verdict} needs. */
export const STATS_PATH =
  "/stats?filter=(version_text|update_rejected|update_failure|warming|warming_clusters)$";

/** Reads the lines of `/stats`. */
export function readStats(lines: readonly string[]): Stats {
  const stats = new Map<string, string>();
  for (const line of lines) {
    const at = line.lastIndexOf(": ");
    if (at < 0) continue;
    stats.set(line.slice(0, at), line.slice(at + 2).replace(/^"(.*)"$/, "$1"));
  }
  return stats;
}

/**
 * Tells whether Envoy runs the files. A rejection shows as a count that is higher than before; a
 * file that nothing refers to has no statistic at all.
 */
export function verdict(files: readonly EnvoyFile[], before: Stats, now: Stats): Verdict {
  const states = files.map((file) => fileState(file, before, now));
  const refused = files.filter((_, at) => states[at] === "refused");
  const warming = ["listener_manager.total_listeners_warming", "cluster_manager.warming_clusters"];
  // what waits for a file that was refused waits for ever
  const isWarming = refused.length === 0 && warming.some((name) => count(now, name) > 0);
  return { isWaiting: states.includes("waiting") || isWarming, refused };
}

function fileState(
  file: EnvoyFile,
  before: Stats,
  now: Stats,
): "waiting" | "accepted" | "refused" {
  const { versionStat, version, kind } = file;
  const shown = now.get(versionStat);
  if (shown === version) return "accepted";
  const prefix = versionStat.replace(/version_text$/, "");
  const refused = ["update_rejected", "update_failure"].some((word) =>
    count(now, prefix + word) > count(before, prefix + word)
  );
  if (refused) return "refused";
  const isRoot = kind === "lds" || kind === "cds";
  return shown === undefined && !isRoot ? "accepted" : "waiting";
}

function count(stats: Stats, name: string): number {
  return Number(stats.get(name) ?? "0");
}

/** Something that Envoy refused. */
export interface Refusal {
  /** 0: it belongs to no port alone. */
  readonly port: number;
  readonly message: string;
}

/** Every resource in a config dump that Envoy refused to take, with its own words. */
export function refusals(
  dump: unknown,
  portOf: (name: string) => number | undefined,
): readonly Refusal[] {
  return refusedUpdates(dump).map(({ name, message }) => ({ port: portOf(name) ?? 0, message }));
}

/** A resource that Envoy refused to take (envoy.admin.v3.UpdateFailureState). */
export interface RefusedUpdate {
  /** Of the resource; empty: Envoy tells none. */
  readonly name: string;
  readonly message: string;
  /** When it was refused, RFC 3339. */
  readonly at?: string;
}

/** Every update in a config dump that Envoy refused, with its own words. */
export function refusedUpdates(dump: unknown): readonly RefusedUpdate[] {
  return walk(dump, "");
}

function walk(value: unknown, name: string): readonly RefusedUpdate[] {
  if (Array.isArray(value)) return value.flatMap((one) => walk(one, name));
  if (typeof value !== "object" || value === null) return [];
  const fields = value as Readonly<Record<string, unknown>>; // parsed JSON
  const own = typeof fields.name === "string" ? fields.name : name;
  const state = fields.error_state;
  if (typeof state === "object" && state !== null && "details" in state) {
    const at = "last_update_attempt" in state ? { at: String(state.last_update_attempt) } : {};
    return [{ name: own || configName(state), message: String(state.details), ...at }];
  }
  return Object.values(fields).flatMap((one) => walk(one, own));
}

function configName(state: object): string {
  const failed: unknown = "failed_configuration" in state ? state.failed_configuration : undefined;
  if (typeof failed !== "object" || failed === null || !("name" in failed)) return "";
  return String(failed.name);
}

/**
 * Refusals by port. What Envoy names no listener or route for (secrets, clusters, a file that it
 * cannot read) belongs to the ports that need the files it refused.
 */
export function byPort(
  found: readonly Refusal[],
  files: readonly EnvoyFile[],
): readonly Refusal[] {
  const named = found.filter(({ port }) => port !== 0);
  const known = new Set(named.map(({ port }) => port));
  const others = found.filter(({ port }) => port === 0);
  const words = [...new Set(others.map(({ message }) => message))].join("; ");
  const broken = files.flatMap(({ name, ports }) =>
    ports.filter((port) => !known.has(port)).map((port) => ({
      port,
      message: words === "" ? `Envoy refused ${name}` : words,
    }))
  );
  const unnamed = broken.length === 0 && named.length === 0 ? others : broken;
  return [...named, ...new Map(unnamed.map((one) => [`${one.port} ${one.message}`, one])).values()];
}
