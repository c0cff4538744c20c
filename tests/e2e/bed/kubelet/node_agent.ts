/** The nodes of a cluster: registration, heartbeat, network, and the agent process in each. */
import { join } from "node:path";
import { until } from "../engine.ts";
import { ignore, type KubeApi, type KubeObject } from "../kube_api.ts";
import { type NodeContainer, nodeContainers } from "../nodes.ts";
import type { ClusterShape } from "../shape.ts";
import { wireNode } from "./pod_network.ts";
import type { NodeState } from "./types.ts";

const LEASES = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";
const HEARTBEAT_MS = 10_000;
const CAPACITY = { cpu: "16", memory: "32Gi", pods: "200", "ephemeral-storage": "100Gi" };

interface Node extends KubeObject {
  readonly spec: { readonly podCIDRs?: readonly string[] };
}

/** What the node keeper needs. */
export interface NodeAgentOptions {
  readonly api: KubeApi;
  readonly shape: ClusterShape;
  /** Path of the nodeapi program. */
  readonly nodeapi: string;
}

/** Keeps the Node objects of a cluster true. */
export class NodeAgent {
  readonly #options: NodeAgentOptions;
  readonly #nodes = new Map<string, NodeState>();
  readonly #agents = new Map<string, Deno.ChildProcess>();

  constructor(options: NodeAgentOptions) {
    this.#options = options;
  }

  /** A running node by name. */
  get(name: string): NodeState | undefined {
    return this.#nodes.get(name);
  }

  /**
   * Looks at the containers: registers the nodes that run, forgets those that do not.
   * Returns how many node containers exist at all.
   */
  async refresh(): Promise<number> {
    const containers = await nodeContainers(this.#options.shape.name);
    for (const name of this.#nodes.keys()) {
      if (containers.get(name)?.pid !== this.#nodes.get(name)?.pid) await this.#forget(name);
    }
    const fresh = [...containers.values()].filter((one) =>
      one.running && one.role !== "external-load-balancer" && !this.#nodes.has(one.name)
    );
    const states = await Promise.all(fresh.map((one) => this.#register(one)));
    for (const state of states) this.#nodes.set(state.name, state);
    if (fresh.length > 0) await this.#wire();
    return containers.size;
  }

  /** Renews the nodes' leases until the signal. */
  async heartbeat(signal: AbortSignal): Promise<void> {
    const timer = setInterval(() => {
      for (const name of this.#nodes.keys()) this.#renew(name).catch(() => {});
    }, HEARTBEAT_MS);
    await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
    clearInterval(timer);
  }

  async #register(container: NodeContainer): Promise<NodeState> {
    const { api, shape } = this.#options;
    const addresses = addressesOf(container, shape);
    await api.create("/api/v1/nodes", nodeObject(container, shape)).catch(ignore(409));
    await api.patch(`/api/v1/nodes/${container.name}/status`, nodeStatus(container, addresses));
    await this.#renew(container.name);
    const podRanges = await this.#podRanges(container.name);
    const probeSocket = join(shape.directory, `${container.name}.sock`);
    this.#startAgent(container, probeSocket);
    return { name: container.name, pid: container.pid, addresses, podRanges, probeSocket };
  }

  /** Starts the program in the node's network; it ends when its standard input does. */
  #startAgent(container: NodeContainer, socket: string): void {
    const { nodeapi, shape } = this.#options;
    const agent = new Deno.Command("nsenter", {
      args: ["-t", String(container.pid), "-n", nodeapi, shape.name, socket],
      stdin: "piped",
      stdout: "inherit",
      stderr: "inherit",
    }).spawn();
    this.#agents.set(container.name, agent);
  }

  async #forget(name: string): Promise<void> {
    this.#nodes.delete(name);
    const agent = this.#agents.get(name);
    this.#agents.delete(name);
    await agent?.stdin.close().catch(() => {});
    await agent?.status;
  }

  async #podRanges(name: string): Promise<readonly string[]> {
    let ranges: readonly string[] = [];
    const look = async () => {
      ranges = (await this.#options.api.get<Node>(`/api/v1/nodes/${name}`)).spec.podCIDRs ?? [];
      return ranges.length > 0;
    };
    await until(look, 30_000, `node ${name} was given no Pod range`);
    return ranges;
  }

  async #wire(): Promise<void> {
    const all = [...this.#nodes.values()];
    const { podRanges } = this.#options.shape;
    await Promise.all(
      all.map((node) => wireNode(node, all.filter((other) => other !== node), podRanges)),
    );
  }

  async #renew(name: string): Promise<void> {
    const spec = {
      holderIdentity: name,
      leaseDurationSeconds: 40,
      renewTime: new Date().toISOString().replace("Z", "000Z"),
    };
    const missing = await this.#options.api.patch(`${LEASES}/${name}`, { spec })
      .then(() => false, (error) => ignore(404)(error) === undefined);
    if (missing) await this.#options.api.create(LEASES, { metadata: { name }, spec });
  }
}

function addressesOf(container: NodeContainer, shape: ClusterShape): string[] {
  const own = { ipv4: [container.ipv4], ipv6: [container.ipv6] };
  return shape.family === "dual" ? [...own.ipv4, ...own.ipv6] : own[shape.family];
}

/** Labels and taints as kubeadm and kind set them. */
function nodeObject(container: NodeContainer, shape: ClusterShape): Record<string, unknown> {
  const controlPlane = container.role === "control-plane";
  const single = shape.nodes.every((node) => node.role === "control-plane");
  const labels: Record<string, string> = {
    "kubernetes.io/hostname": container.name,
    "kubernetes.io/os": "linux",
    "kubernetes.io/arch": Deno.build.arch === "aarch64" ? "arm64" : "amd64",
  };
  if (controlPlane) labels["node-role.kubernetes.io/control-plane"] = "";
  if (controlPlane && !single) {
    labels["node.kubernetes.io/exclude-from-external-load-balancers"] = "";
  }
  const taint = { key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" };
  return {
    metadata: { name: container.name, labels },
    spec: {
      providerID: `kind://docker/${shape.name}/${container.name}`,
      ...(controlPlane && shape.controlPlaneTaint ? { taints: [taint] } : {}),
    },
  };
}

function nodeStatus(
  container: NodeContainer,
  addresses: readonly string[],
): Record<string, unknown> {
  const now = new Date().toISOString();
  const condition = (type: string, status: string, reason: string) => ({
    type,
    status,
    reason,
    message: "",
    lastHeartbeatTime: now,
    lastTransitionTime: now,
  });
  return {
    status: {
      capacity: CAPACITY,
      allocatable: CAPACITY,
      addresses: [
        ...addresses.map((address) => ({ type: "InternalIP", address })),
        { type: "Hostname", address: container.name },
      ],
      conditions: [
        condition("MemoryPressure", "False", "KubeletHasSufficientMemory"),
        condition("DiskPressure", "False", "KubeletHasNoDiskPressure"),
        condition("PIDPressure", "False", "KubeletHasSufficientPID"),
        condition("Ready", "True", "KubeletReady"),
      ],
      daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
    },
  };
}
