import { AppError } from "../../core/mod.ts";
import type { RouteSpec } from "../../proxy/types.ts";
import { type EnvoyFile, envoyFiles } from "./config/mod.ts";
import { CONFIG_DIRECTORY } from "./paths.ts";

/** All proxies of a cluster share the memory of the files, and Envoy needs six times as much. */
const MOST_MB = 32;

/** The files of a proxy. @throws AppError `invalid` where there is too much in them. */
export function proxyFiles(spec: RouteSpec): readonly EnvoyFile[] {
  const files = envoyFiles(spec, { directory: CONFIG_DIRECTORY });
  const size = Math.ceil(files.reduce((sum, { content }) => sum + content.length, 0) / 1e6);
  if (size <= MOST_MB) return files;
  throw new AppError(
    `${spec.key} needs ${size} MB of configuration, and ${MOST_MB} MB are the most: ` +
      "use fewer rules, hosts or listeners",
    { kind: "invalid" },
  );
}

/** File name → version that Envoy confirmed; empty for those of `open`, which are written again. */
export function fileVersions(
  files: readonly EnvoyFile[],
  open: readonly EnvoyFile[],
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    files.map((file) => [file.name, open.includes(file) ? "" : file.version]),
  );
}
