/**
 * Fails when a worker entry is missing from the compile task (the binary would start without it),
 * or when a worker reaches a library that belongs to the main isolate.
 */
import { loadGraph, type ModuleGraph, reachable, ROOT } from "./module_graph.ts";
import { verdict } from "./verdict.ts";

/** Libraries that cost too much memory to be loaded once per worker. */
const MAIN_ONLY = "@kubernetes/client-node";

/** Worker entries that a source text starts: `new URL("../workers/x.ts", import.meta.url)`. */
export function workerUrls(source: string): readonly string[] {
  const pattern = /new URL\(\s*"[./]*(workers\/[a-z0-9_/]+\.ts)",\s*import\.meta\.url,?\s*\)/g;
  return [...source.matchAll(pattern)].flatMap(([, path]) => path === undefined ? [] : [path]);
}

/** What is wrong with the worker entries, one sentence each. */
export function workerProblems(
  entries: readonly string[],
  options: { readonly graph: ModuleGraph; readonly compileTask: string },
): readonly string[] {
  const { graph, compileTask } = options;
  return entries.flatMap((entry) => {
    if (!graph.has(entry)) return [`worker entry ${entry} does not exist`];
    const heavy = [...reachable(graph, entry)].find((path) => path.includes(MAIN_ONLY));
    return [
      ...compileTask.includes(`--include ${entry}`)
        ? []
        : [`the compile task in deno.json lacks --include ${entry}`],
      ...heavy === undefined ? [] : [`${entry} reaches ${MAIN_ONLY}, which is for main only`],
    ];
  });
}

if (import.meta.main) {
  const graph = await loadGraph();
  const entries = new Set<string>();
  for (const file of graph.keys()) {
    workerUrls(await Deno.readTextFile(ROOT + file)).forEach((path) => entries.add(path));
  }
  const config = JSON.parse(await Deno.readTextFile(`${ROOT}deno.json`)) as {
    readonly tasks?: Readonly<Record<string, string | { readonly command?: string }>>;
  };
  const task = config.tasks?.["compile"] ?? "";
  const compileTask = typeof task === "string" ? task : task.command ?? "";
  const problems = workerProblems([...entries], { graph, compileTask });
  verdict(problems, `workers: ${entries.size} entries, all in the compile task`);
}
