/**
 * The architecture as tables: which folder of `lib` may import which, which files are pure, and
 * where a library may be named. The lint plugin and the cycle check read them; so do people.
 */

/** What each folder may import besides itself; `types.ts` files may be imported as types by all. */
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
  "planes/kernel": ["core", "net", "proxy", "telemetry", "planes"],
  "planes/embedded": ["core", "net", "proxy", "telemetry", "planes"],
  announce: ["core", "net", "proxy"],
  gateway: ["core", "net", "proxy"],
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
};

/** Files without I/O, clock, randomness or ambient state: globs below `lib/`, `!` takes out. */
export const PURE_FILES: readonly string[] = [
  "**/types.ts",
  "core/**",
  "!core/clock.ts",
  "net/**",
  "addresses/**",
  "services/**",
  "proxy/**",
  "gateway/**",
  "!gateway/reconcile.ts",
  "dispatch/queue.ts",
  "dispatch/backoff.ts",
  "dispatch/protocol.ts",
  "**/*_plan.ts",
  "**/plan.ts",
  "**/*_view.ts",
  "**/to_*.ts",
  "kube/store.ts",
  "kube/paths.ts",
  "kube/patch.ts",
  "clusters/kubeconfig.ts",
  "runtime/labels.ts",
  "cli/args.ts",
  "cli/command_names.ts",
  "cli/option_kinds.ts",
  "cli/service_row.ts",
  "cli/settings.ts",
  "cli/text_table.ts",
  "cli/options.ts",
  "cli/help.ts",
];

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
  if (what.typeOnly && what.file === "types.ts") return undefined;
  const allowed = LAYERS[from];
  if (allowed === undefined) return `lib/${from} has no row in scripts/lint/layers.ts: add one`;
  if (allowed.includes(to)) return undefined;
  const list = allowed.length === 0 ? "nothing" : allowed.join(", ");
  return `lib/${from} may import ${list}, not ${to}`;
}

/** True when a path below `lib/` is in the table of pure files; the last matching glob decides. */
export function isPure(pathInLib: string): boolean {
  let pure = false;
  for (const glob of PURE_FILES) {
    const negated = glob.startsWith("!");
    if (globToRegExp(negated ? glob.slice(1) : glob).test(pathInLib)) pure = !negated;
  }
  return pure;
}

function rootedPath(name: string): string | undefined {
  const root = new URL("../..", import.meta.url).pathname;
  return name.startsWith(root) ? name.slice(root.length) : undefined;
}

function globToRegExp(glob: string): RegExp {
  const body = glob
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("**/", "\u0001")
    .replaceAll("**", "\u0002")
    .replaceAll("*", "[^/]*")
    .replaceAll("\u0001", "(?:.*/)?")
    .replaceAll("\u0002", ".*");
  return new RegExp(`^${body}$`);
}
