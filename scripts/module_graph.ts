import { relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** Value imports of every module of the product: path from the root → paths it imports. */
export type ModuleGraph = ReadonlyMap<string, readonly string[]>;

/** The part of `deno info --json` that is read here. */
export interface InfoOutput {
  readonly modules: readonly {
    readonly specifier: string;
    readonly error?: string;
    readonly dependencies?: readonly {
      readonly specifier: string;
      readonly code?: { readonly specifier?: string; readonly error?: string };
    }[];
  }[];
}

/** Directory of the repository, with a trailing slash. */
export const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Paths of all TypeScript files below a folder of the repository, sorted; none if it is absent. */
export function sourceFiles(folder: string): readonly string[] {
  const found: string[] = [];
  const visit = (directory: string) => {
    for (const entry of readDirectory(`${ROOT}${directory}`)) {
      const path = `${directory}/${entry.name}`;
      if (entry.isDirectory) visit(path);
      else if (entry.name.endsWith(".ts")) found.push(path);
    }
  };
  visit(folder);
  return found.sort();
}

/** Reads the graph of `lib`, `workers` and `main.ts` through one `deno info`. */
export async function loadGraph(): Promise<ModuleGraph> {
  const files = [...sourceFiles("lib"), ...sourceFiles("workers"), ...existing("main.ts")];
  const entry = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    const lines = files.map((file) => `import ${JSON.stringify(pathToFileURL(ROOT + file).href)};`);
    await Deno.writeTextFile(entry, lines.join("\n"));
    return toGraph(await denoInfo(entry), (specifier) => relative(ROOT, fileURLToPath(specifier)));
  } finally {
    await Deno.remove(entry);
  }
}

/** Keeps local modules and, under their bare names, the npm packages they import. */
export function toGraph(info: InfoOutput, toPath: (specifier: string) => string): ModuleGraph {
  const graph = new Map<string, readonly string[]>();
  for (const module of info.modules) {
    if (module.error !== undefined || !module.specifier.startsWith("file:")) continue;
    const path = toPath(module.specifier);
    if (path.startsWith("..")) continue;
    const targets = (module.dependencies ?? [])
      .flatMap(({ code }) => code?.specifier === undefined ? [] : [code.specifier])
      .map((target) => target.startsWith("file:") ? toPath(target) : target);
    graph.set(path, targets);
  }
  return graph;
}

/** Everything that a module reaches through value imports, itself included. */
export function reachable(graph: ModuleGraph, entry: string): ReadonlySet<string> {
  const seen = new Set<string>();
  const open = [entry];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    open.push(...graph.get(next) ?? []);
  }
  return seen;
}

async function denoInfo(entry: string): Promise<InfoOutput> {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", "--config", `${ROOT}deno.json`, entry],
    stderr: "inherit",
  });
  const { success, stdout } = await command.output();
  if (!success) throw new Error("deno info failed: see its output above");
  return JSON.parse(new TextDecoder().decode(stdout)) as InfoOutput;
}

function existing(file: string): readonly string[] {
  return readDirectory(ROOT).some((entry) => entry.name === file) ? [file] : [];
}

function readDirectory(path: string): readonly Deno.DirEntry[] {
  try {
    return [...Deno.readDirSync(path)];
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}
