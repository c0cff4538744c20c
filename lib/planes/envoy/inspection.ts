import { AppError } from "../../core/mod.ts";
import type { Container, ContainerEngine } from "../../runtime/types.ts";
import { NODE_SHELL, NodeAgent } from "../agent/mod.ts";
import { CLUSTER_LABEL, OWNER_LABEL, PROXY_LABEL, publicationName, ROLE_LABEL } from "./names.ts";
import { EDGE_ROOT, proxyPaths } from "./paths.ts";
import { Publications } from "./publications.ts";
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
  /** Ports on the host: `8080->80/tcp`. */
  readonly published: readonly string[];
}

/** What an inspection needs of the engine. */
export type InspectedEngine = Pick<ContainerEngine, "containers" | "session">;

/** Every proxy of every cluster; nothing is changed, and no running berth is needed. */
export async function inspectProxies(engine: InspectedEngine): Promise<readonly ProxyFacts[]> {
  const found = await findProxies(engine);
  return found.map(({ facts }) => facts).toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Tells the host ports of what a key serves, as `8080->80/tcp`. */
export async function publishedLookup(
  engine: Pick<ContainerEngine, "containers">,
): Promise<(key: string) => readonly string[]> {
  const owned = await engine.containers({ labels: [`${OWNER_LABEL}=berth`] });
  return (key) => hostPorts(key, owned);
}

function hostPorts(key: string, owned: readonly Container[]): readonly string[] {
  const name = publicationName(key);
  const container = owned.find((each) => each.name === name && each.running);
  return Object.entries(container?.ports ?? {}).map(([inside, { port }]) => `${port}->${inside}`);
}

/** A proxy, and all that its Envoy tells. */
export interface InspectedProxy {
  readonly facts: ProxyFacts;
  /** Its config dump, parsed; secrets are blanked. */
  readonly dump: unknown;
}

/**
 * What a proxy runs, as Envoy tells it. `name` is its container's, or what it serves, with or
 * without the cluster.
 *
 * @throws AppError `not-found` with the names of those that there are; `invalid` for a name that
 *   fits several, such as a Service and a Gateway of one name.
 */
export async function inspectConfig(
  engine: InspectedEngine,
  name: string,
): Promise<InspectedProxy> {
  const proxies = await findProxies(engine);
  const exact = proxies.find(({ facts }) => facts.name === name || facts.key === name);
  const similar = proxies.filter(({ facts, isPublication }) =>
    !isPublication && facts.key.endsWith(`/${name}`)
  );
  if (exact === undefined && similar.length > 1) throw ambiguous(name, similar);
  const found = exact ?? similar[0];
  if (found === undefined) {
    const known = proxies.filter(({ isPublication }) => !isPublication)
      .map(({ facts }) => facts.name).toSorted().join(", ");
    const hint = known === "" ? "no proxy runs" : `use one of ${known}`;
    throw new AppError(`there is no proxy ${name}: ${hint}`, { kind: "not-found" });
  }
  const { edge, id, facts } = found;
  const text = `${proxyPaths(id).admin} /config_dump?include_eds`;
  const lines = await inEdge(engine, edge, (agent) => agent.run([{ verb: "get", text }]));
  return { facts, dump: blanked(JSON.parse(lines.join("\n"))) };
}

function ambiguous(name: string, proxies: readonly FoundProxy[]): AppError {
  const spellings = proxies.map(({ facts }) => facts)
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ cluster, key, name: container }) => {
      const short = key.slice(cluster.length + 1);
      // what is ambiguous already cannot be the way out
      const isOwn = proxies.every(({ facts }) =>
        facts.key === key || !facts.key.endsWith(`/${short}`)
      );
      return isOwn ? short : container;
    });
  return new AppError(`proxy ${name} is ambiguous: use ${spellings.join(" or ")}`, {
    kind: "invalid",
  });
}

interface FoundProxy {
  readonly facts: ProxyFacts;
  /** It publishes the ports of another proxy, whose key is within its own. */
  readonly isPublication: boolean;
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
      published: hostPorts(state.key, owned),
    };
    const isPublication = Publications.isOne(state);
    return [{ facts, isPublication, edge: edge.id, id: state.id }];
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
