import type { FilesOptions, JsonObject } from "./types.ts";

/** Most files that are followed by inotify when the options do not say. */
const DEFAULT_WATCHES = 64;

/** The two files that the bootstrap names. */
const BOOTSTRAP_WATCHES = 2;

/** Tells how Envoy gets each file of a spec. */
export interface Sources {
  /** The config source that a resource in another file names. */
  of(file: string): JsonObject;
}

/** A file that is followed by inotify. */
export function watchedFile(path: string): JsonObject {
  return { path_config_source: { path }, resource_api_version: "V3" };
}

/**
 * Sources of a spec's files: the first ones of `watched` are followed by inotify as far as the
 * options allow, the others are polled; files that are not named there (secrets) more slowly.
 */
export function sources(watched: readonly string[], options: FilesOptions): Sources {
  const most = Math.max(0, (options.watches ?? DEFAULT_WATCHES) - BOOTSTRAP_WATCHES);
  const followed = new Set(watched.slice(0, most));
  const eager = new Set(watched);
  return {
    of(file) {
      const path = `${options.directory}/${file}`;
      if (followed.has(file)) return watchedFile(path);
      return {
        path_config_source: { path, poll_interval: eager.has(file) ? "0.1s" : "0.5s" },
        resource_api_version: "V3",
      };
    },
  };
}
