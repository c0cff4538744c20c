import { errorText } from "../core/mod.ts";
import { check, type DoctorSession } from "./doctor_checks.ts";
import type { Check } from "./doctor_view.ts";
import type { ClusterFacts, NodeFacts } from "./ports.ts";

/** The chosen clusters, and how the search went. */
export async function findClusters(
  { ports, signal }: DoctorSession,
  chosen: readonly string[],
): Promise<{ readonly check: Check; readonly clusters: readonly ClusterFacts[] }> {
  try {
    const all = await ports.clusters({ signal });
    const clusters = all.filter(({ name }) => chosen.length === 0 || chosen.includes(name));
    const missing = chosen.filter((name) => !all.some((cluster) => cluster.name === name));
    return { check: clusterCheck(clusters, missing), clusters };
  } catch (error) {
    const remedy = "look at the engine's own log: it did not list its containers";
    return {
      check: { name: "clusters", verdict: "fail", detail: errorText(error), remedy },
      clusters: [],
    };
  }
}

function clusterCheck(clusters: readonly ClusterFacts[], missing: readonly string[]): Check {
  const found = clusters.map(({ name, nodes }) =>
    `${name} (${nodes.length} ${nodes.length === 1 ? "node" : "nodes"})`
  ).join(", ");
  if (missing.length > 0) {
    const detail = `there is no cluster ${missing.join(", ")}`;
    return { name: "clusters", verdict: "fail", detail, remedy: "see kind get clusters" };
  }
  return clusters.length > 0 ? { name: "clusters", verdict: "ok", detail: found } : {
    name: "clusters",
    verdict: "warn",
    detail: "none found",
    remedy: "run kind create cluster; a running berth finds it by itself",
  };
}

/** The API server and every node of a cluster. */
export function checkCluster(
  session: DoctorSession,
  cluster: ClusterFacts,
): Promise<readonly Check[]> {
  const api = check(`api ${cluster.name}`, {
    run: async () => `version ${await session.ports.api(cluster.name, session)}`,
    remedy: "see that the control-plane node runs: docker start NODE",
  });
  return Promise.all([api, ...cluster.nodes.map((node) => checkNode(session, node))]);
}

async function checkNode(
  { ports, signal }: DoctorSession,
  node: ClusterFacts["nodes"][number],
): Promise<Check> {
  const name = `node ${node.name}`;
  if (!node.up) {
    const remedy = `run docker start ${node.name}; until then it takes no traffic`;
    return { name, verdict: "warn", detail: "the container is stopped", remedy };
  }
  try {
    return nodeCheck(name, await ports.node(node.container, { signal }));
  } catch (error) {
    const remedy = "see that commands can be run in it: docker exec NODE true";
    return { name, verdict: "fail", detail: errorText(error), remedy };
  }
}

function nodeCheck(name: string, { missing, fwd }: NodeFacts): Check {
  if (missing.length > 0) {
    return {
      name,
      verdict: "fail",
      detail: `lacks ${missing.join(", ")}`,
      remedy: "use a newer kind node image, or --plane embedded",
    };
  }
  return fwd ? { name, verdict: "ok", detail: "tools present, kernel forwards between nodes" } : {
    name,
    verdict: "warn",
    detail: "the kernel has no nft fwd: other nodes' Pods are reached with masquerade",
    remedy: "load the kernel module nft_fwd_netdev to keep client addresses",
  };
}
