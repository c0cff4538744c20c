import type { RouteSpec } from "../../../proxy/types.ts";

/** A value that JSON can hold; members that are undefined are left out. */
export type Json = string | number | boolean | null | undefined | readonly Json[] | JsonObject;

/** An object of {@link Json} values. */
export interface JsonObject {
  readonly [name: string]: Json;
}

/** What a file tells Envoy: secrets, endpoints, clusters, routes or listeners. */
export type EnvoyFileKind = "sds" | "eds" | "cds" | "rds" | "lds";

/** One file of a proxy's directory. Equal specs give equal files. */
export interface EnvoyFile {
  /** Name inside of the directory, without a folder: `eds-web-1f3a.json`. */
  readonly name: string;
  readonly kind: EnvoyFileKind;
  readonly content: string;
  /** Holds a private key: mode 0600, never logged. */
  readonly secret: boolean;
  /** `version_info` of the file; follows from its content. */
  readonly version: string;
  /**
   * The statistic (`/stats?type=TextReadouts`) that shows {@link version} once Envoy accepted the
   * file. Routes and secrets have it only while a listener or cluster that is accepted uses them.
   */
  readonly versionStat: string;
  /** The spec's ports that need the file, ascending: those it breaks when Envoy refuses it. */
  readonly ports: readonly number[];
}

/** Options of {@link EnvoyFiles}. */
export interface FilesOptions {
  /** The directory of the files as Envoy sees it. */
  readonly directory: string;
  /** Where to bind instead, by address of the spec (published ports: `0.0.0.0`). */
  readonly bind?: Readonly<Record<string, string>>;
  /**
   * Most files that Envoy follows by inotify; the others are polled 10 times a second, and secrets twice. Envoy opens
   * one inotify instance for each file, the kernel allows a user 128 of them
   * (`fs.inotify.max_user_instances`) over all containers, and Envoy aborts when there is none
   * left: give each proxy a user of its own, or a small number here. At least 2; default 64.
   */
  readonly watches?: number;
  /** PEM file of what the proxy's image trusts, for authority `system`. */
  readonly systemAuthority?: string;
}

/**
 * The files of a spec, in the order in which they must be written: secrets and endpoints, clusters,
 * routes, listeners. Write only those that changed; then remove the ones that are no longer
 * named. An endpoint's change rewrites its eds file alone, a route's change its rds file (and cds
 * when backends come or go): no connection is drained. Rules that Envoy would refuse are answered
 * with 500; {@link ConfigProblems} tells which.
 */
export type EnvoyFiles = (spec: RouteSpec, options: FilesOptions) => readonly EnvoyFile[];

/** Something that Envoy cannot serve of a spec. */
export interface ConfigProblem {
  readonly port: number;
  /** Name of the rule, where it is one. */
  readonly rule?: string;
  /** Names the value and the remedy. */
  readonly message: string;
}

/** Everything in a spec that {@link EnvoyFiles} has to leave out, and why. */
export type ConfigProblems = (spec: RouteSpec) => readonly ConfigProblem[];

/** Options of {@link Bootstrap}. */
export interface BootstrapOptions {
  /** Name of the proxy in its own words: its container's name. */
  readonly id: string;
  /** The directory of the files as Envoy sees it. */
  readonly directory: string;
  /** Path of the administration socket as Envoy sees it. */
  readonly adminSocket: string;
  /** Bytes of heap at which Envoy gives memory back and, further up, refuses; default 256 MiB. */
  readonly maxHeapBytes?: number;
  /** Most connections of clients at a time; default 50,000. */
  readonly maxConnections?: number;
}

/**
 * The text of `bootstrap.json`. It names `lds.json` and `cds.json` of the directory, which must
 * exist: an {@link EnvoyFiles} of a spec without ports makes the empty ones.
 */
export type Bootstrap = (options: BootstrapOptions) => string;
