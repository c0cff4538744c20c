/** Fails on import cycles of values: between files, and between the folders of `lib`. */
import { layerOf } from "./lint/layers.ts";
import { loadGraph, type ModuleGraph } from "./module_graph.ts";
import { verdict } from "./verdict.ts";

/** Groups of nodes that reach each other, each sorted; single nodes only when they name themselves. */
export function findCycles(graph: ModuleGraph): readonly (readonly string[])[] {
  const components = new Components(graph);
  for (const node of graph.keys()) components.visit(node);
  return components.found;
}

/** The graph of layers: an edge wherever a file of one imports a file of another. */
export function folderGraph(graph: ModuleGraph): ModuleGraph {
  const folders = new Map<string, Set<string>>();
  for (const [file, targets] of graph) {
    const from = layerOf(file);
    if (from === undefined) continue;
    const edges = folders.get(from) ?? new Set<string>();
    folders.set(from, edges);
    for (const target of targets) {
      const to = layerOf(target);
      if (to !== undefined && to !== from) edges.add(to);
    }
  }
  return new Map([...folders].map(([from, edges]) => [from, [...edges]]));
}

/** Tarjan's strongly connected components, kept where they are cycles. */
class Components {
  readonly found: string[][] = [];
  readonly #graph: ModuleGraph;
  readonly #order = new Map<string, number>();
  readonly #stack: string[] = [];

  constructor(graph: ModuleGraph) {
    this.#graph = graph;
  }

  /** Visits a node once and returns the lowest order number reachable from it. */
  visit(node: string): number {
    const known = this.#order.get(node);
    if (known !== undefined) return this.#stack.includes(node) ? known : Infinity;
    const order = this.#order.size;
    this.#order.set(node, order);
    this.#stack.push(node);
    const targets = this.#graph.get(node) ?? [];
    const low = Math.min(order, ...targets.map((target) => this.visit(target)));
    if (low === order) this.#close(node, targets.includes(node));
    return low;
  }

  #close(node: string, namesItself: boolean): void {
    const group = this.#stack.splice(this.#stack.indexOf(node));
    if (group.length > 1 || namesItself) this.found.push(group.sort());
  }
}

if (import.meta.main) {
  const graph = await loadGraph();
  const cycles = [
    ...findCycles(graph).map((group) => `files import each other: ${group.join(", ")}`),
    ...findCycles(folderGraph(graph)).map((group) =>
      `folders import each other: ${group.join(", ")}`
    ),
  ];
  verdict(cycles, `cycles: none in ${graph.size} files`);
}
