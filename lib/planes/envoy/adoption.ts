import type { ContainerEngine } from "../../runtime/types.ts";
import type { Edge, EdgeLink } from "./edge.ts";
import type { Fleet } from "./fleet.ts";
import type { LogKeeper } from "./log_keeper.ts";
import { EDGE_LABEL, labelFilter, PROXY_LABEL } from "./names.ts";
import { EDGE_ROOT } from "./paths.ts";
import { Publications } from "./publications.ts";
import { decodeState, type ProxyState } from "./state.ts";

/** What {@link adoptFleet} needs. */
export interface AdoptionOptions {
  readonly cluster: string;
  readonly engine: ContainerEngine;
  readonly edge: Edge;
  readonly link: EdgeLink;
  readonly fleet: Fleet;
  readonly publications: Publications;
  readonly logs: LogKeeper;
}

/** The states of all proxies that have a directory in the edge. */
export async function readStates(edge: Edge): Promise<readonly ProxyState[]> {
  const text = `cat ${EDGE_ROOT}/*/state.json 2>/dev/null || true`;
  const lines = await edge.run([{ verb: "ask", text }]);
  return lines.flatMap((line) => decodeState(line) ?? []);
}

/** Takes over what an earlier run left, and removes what belongs to nothing. */
export async function adoptFleet(options: AdoptionOptions): Promise<void> {
  const { cluster, engine, edge, link, fleet, publications, logs } = options;
  // containers first: each has its state before it is made
  const containers = (await Promise.all([
    engine.containers({ labels: labelFilter(cluster, "proxy") }),
    engine.containers({ labels: labelFilter(cluster, "publisher") }),
  ])).flat();
  const states = await readStates(edge);
  const byId = new Map(states.map((state) => [state.id, state]));
  const strays = new Set<string>();
  await Promise.all(containers.map(async ({ id, labels }) => {
    const proxy = labels[PROXY_LABEL] ?? "";
    if (labels[EDGE_LABEL] === link.container && byId.has(proxy)) return;
    strays.add(id);
    await logs.remove(id, proxy);
  }));
  for (const state of states) {
    const found = containers.find(({ id, labels }) =>
      labels[PROXY_LABEL] === state.id && !strays.has(id)
    );
    if (Publications.isOne(state)) publications.found(state, found);
    else fleet.found(state, found);
  }
}
