import { AppError } from "../../core/mod.ts";
import type { Container, ContainerEngine } from "../../runtime/types.ts";
import { NODE_SHELL, NodeAgent } from "../agent/mod.ts";
import { CLUSTER_LABEL, OWNER_LABEL, PROXY_LABEL, ROLE_LABEL } from "./names.ts";
import { EDGE_ROOT, proxyPaths } from "./paths.ts";
import { blanked } from "./secrets_blanked.ts";
import { decodeState } from "./state.ts";

/** A proxy that serves something, as its files and its container tell. */
export interface ProxyFacts {
  readonly cluster: string;
  /** Name of its container. */
  readonly name: string;
  /** What it serves: `<cluster>/gateway/<namespace>/<name>`, a Service's key, … */
  readonly key: string;
  readonly addresses: readonly string[];
}

/** What an inspection needs of the engine. */
export type InspectedEngine = Pick<ContainerEngine, "containers" | "session">;

/** Every proxy of every cluster; nothing is changed, and no running berth is needed. */
export async function inspectProxies(engine: InspectedEngine): Promise<readonly ProxyFacts[]> {
  const found = await findProxies(engine);
  return found.map(({ facts }) => facts).toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * What a proxy runs, as Envoy tells it; secrets are blanked. `name` is its container's, or what it
 * serves, with or without the cluster.
 *
 * @throws AppError `not-found` with the names of those that there are.
 */
export async function inspectConfig(engine: InspectedEngine, name: string): Promise<unknown> {
  const proxies = await findProxies(engine);
  const found = proxies.find(({ facts }) => facts.name === name || facts.key === name) ??
    proxies.find(({ facts }) => facts.key.endsWith(`/${name}`));
  if (found === undefined) {
    const known = proxies.map(({ facts }) => facts.name).toSorted().join(", ");
    const hint = known === "" ? "no proxy runs" : `use one of ${known}`;
    throw new AppError(`there is no proxy ${name}: ${hint}`, { kind: "not-found" });
  }
  const { edge, id } = found;
  const text = `${proxyPaths(id).admin} /config_dump?include_eds`;
  const lines = await inEdge(engine, edge, (agent) => agent.run([{ verb: "get", text }]));
  return blanked(JSON.parse(lines.join("\n")));
}

interface FoundProxy {
  readonly facts: ProxyFacts;
  readonly edge: string;
  readonly id: string;
}

async function findProxies(engine: InspectedEngine): Promise<readonly FoundProxy[]> {
  const owned = await engine.containers({ labels: [`${OWNER_LABEL}=berth`] });
  const edges = owned.filter(({ labels, running }) => labels[ROLE_LABEL] === "edge" && running);
  const found = await Promise.all(edges.map((edge) => proxiesOf(engine, edge, owned)));
  return found.flat();
}

async function proxiesOf(
  engine: InspectedEngine,
  edge: Container,
  owned: readonly Container[],
): Promise<readonly FoundProxy[]> {
  const text = `cat ${EDGE_ROOT}/*/state.json 2>/dev/null || true`;
  const lines = await inEdge(engine, edge.id, (agent) => agent.run([{ verb: "ask", text }]));
  return lines.flatMap((line) => {
    const state = decodeState(line);
    if (state === undefined || state.key === "") return [];
    const container = owned.find(({ labels }) => labels[PROXY_LABEL] === state.id);
    const facts = {
      cluster: edge.labels[CLUSTER_LABEL] ?? "",
      name: container?.name ?? state.id,
      key: state.key,
      addresses: state.addresses,
    };
    return [{ facts, edge: edge.id, id: state.id }];
  });
}

async function inEdge<T>(
  engine: InspectedEngine,
  edge: string,
  use: (agent: NodeAgent) => Promise<T>,
): Promise<T> {
  const session = await engine.session(edge, NODE_SHELL);
  const events = { damaged: () => {}, ended: () => {} };
  await using agent = await NodeAgent.start(session, events).catch(async (error) => {
    await session[Symbol.asyncDispose]();
    throw error;
  });
  return await use(agent);
}
