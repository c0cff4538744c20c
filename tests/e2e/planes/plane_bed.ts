/** Bare nodes with Pods behind them, no Kubernetes: what a kernel plane needs and no more. */
import { createEngine } from "../../../lib/runtime/mod.ts";
import { systemClock } from "../../../lib/core/mod.ts";
import { createKernelPlane, NODE_SHELL } from "../../../lib/planes/kernel/mod.ts";
import type { Plane, PlaneEvents, PlaneNode } from "../../../lib/planes/types.ts";
import type { Endpoint, IpFamily, Listener, ProxySpec } from "../../../lib/proxy/types.ts";
import { BACKEND_IMAGE, docker, engineAnswers, ensureBackendImage, run } from "../bed/mod.ts";
import { ensureNodeImage, NODE_IMAGE } from "../bed/images.ts";
import { attachPod, wireNode } from "../bed/kubelet/pod_network.ts";
import type { NodeState } from "../bed/kubelet/types.ts";

/** The engine's socket. */
export const ENGINE_SOCKET = "/var/run/docker.sock";

/** Why these tests cannot run here; undefined when they can. */
export async function missingForPlaneTests(): Promise<string | undefined> {
  if (Deno.uid() !== 0) return "the Pods' links need root";
  return await engineAnswers() ? undefined : "no container engine answers";
}

/** A Pod of the bed. */
export interface BedPod {
  readonly name: string;
  readonly node: string;
  readonly addresses: Readonly<Record<IpFamily, string>>;
}

const CONFINEMENT = [
  ...["NET_ADMIN", "SYS_ADMIN", "NET_RAW"].flatMap((cap) => ["--cap-add", cap]),
  ...["seccomp=unconfined", "apparmor=unconfined", "systempaths=unconfined"]
    .flatMap((option) => ["--security-opt", option]),
];
const FORWARDING = [
  "net.ipv4.ip_forward=1",
  "net.ipv6.conf.all.disable_ipv6=0",
  "net.ipv6.conf.all.forwarding=1",
].flatMap((sysctl) => ["--sysctl", sysctl]);

/** Three nodes on a network of their own; everything goes at the end of its scope. */
export class PlaneBed implements AsyncDisposable {
  readonly prefix: string;
  readonly pods: BedPod[] = [];
  readonly #engine = createEngine({ socketPath: ENGINE_SOCKET });
  readonly #nodes = new Map<string, NodeState>();
  readonly #planes: Plane[] = [];

  constructor(prefix: string) {
    this.prefix = prefix;
  }

  /** Makes the network and nodes `PREFIX-a`, `PREFIX-b`, `PREFIX-c`. */
  static async up(prefix: string): Promise<PlaneBed> {
    await Promise.all([ensureNodeImage(), ensureBackendImage()]);
    const bed = new PlaneBed(prefix);
    await bed.#remove();
    const subnet = `fc00:b0:${(Deno.pid % 65_536).toString(16)}::/64`;
    await docker("network", "create", "--ipv6", "--subnet", subnet, bed.#network);
    await Promise.all(
      ["a", "b", "c"].map((letter, at) => bed.#startNode(`${prefix}-${letter}`, at)),
    );
    await bed.#wire();
    return bed;
  }

  /** All nodes as a plane sees them. */
  get nodes(): readonly PlaneNode[] {
    return [...this.#nodes.keys()].sort().map((name) => ({ name, container: name, up: true }));
  }

  /** An address of the network's upper end that nobody has. */
  async address(family: IpFamily, number: number): Promise<string> {
    const ranges = await this.#ranges();
    if (family === "IPv6") return `${ranges.IPv6.split("::")[0]}::ff:${number}`;
    return ranges.IPv4.replace(/\.\d+\.\d+\/\d+$/, `.255.${number}`);
  }

  /** A plane over these nodes that is disposed with the bed. */
  plane(events: Partial<PlaneEvents> = {}): Plane {
    const plane = createKernelPlane({
      cluster: this.prefix,
      openSession: (container) => this.#engine.session(container, NODE_SHELL),
      clock: systemClock,
      events: { moved: () => {}, broken: () => {}, ...events },
    });
    this.#planes.push(plane);
    return plane;
  }

  /** Starts a backend Pod behind a node. */
  async pod(name: string, node: string): Promise<BedPod> {
    const state = this.#node(node);
    const container = `${this.prefix}-${name}`;
    const sysctls = ["--sysctl", "net.ipv6.conf.all.disable_ipv6=0"];
    await docker(
      ...["run", "-d", "--network", "none", "--hostname", name, "--name", container, ...sysctls],
      BACKEND_IMAGE,
    );
    const pid = Number(await docker("inspect", "-f", "{{.State.Pid}}", container));
    const number = this.pods.length + 2;
    const [v4 = "", v6 = ""] = state.podRanges;
    const addresses = {
      IPv4: v4.replace("0/24", String(number)),
      IPv6: v6.replace("/64", number.toString(16)),
    };
    await attachPod(state, pid, {
      link: `bp${number}`,
      addresses: [addresses.IPv4, addresses.IPv6],
    });
    const pod = { name, node, addresses };
    this.pods.push(pod);
    return pod;
  }

  /** Runs a script in a node or (from the node's programs) in a Pod's network. */
  async inside(name: string, script: string): Promise<string> {
    const pod = this.pods.find((one) => one.name === name);
    const container = pod === undefined ? name : `${this.prefix}-${name}`;
    const pid = await docker("inspect", "-f", "{{.State.Pid}}", container);
    return await run(["nsenter", "-t", pid, "-n", "bash", "-c", script]);
  }

  async killNode(name: string): Promise<void> {
    await docker("kill", name);
  }

  /** Starts a killed node; its Pods are gone. */
  async startNode(name: string): Promise<void> {
    await docker("start", name);
    await this.#inspect(name);
    await this.#wire();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#planes.map((plane) => plane[Symbol.asyncDispose]()));
    await this.#engine[Symbol.asyncDispose]();
    await this.#remove();
  }

  get #network(): string {
    return `${this.prefix}-net`;
  }

  #node(name: string): NodeState {
    const state = this.#nodes.get(name);
    if (state === undefined) throw new Error(`the bed has no node ${name}`);
    return state;
  }

  async #ranges(): Promise<Readonly<Record<IpFamily, string>>> {
    const format = "{{range .IPAM.Config}}{{.Subnet}} {{end}}";
    const ranges = (await docker("network", "inspect", "-f", format, this.#network)).split(" ");
    const pick = (colon: boolean) => ranges.find((range) => range.includes(":") === colon) ?? "";
    return { IPv4: pick(false), IPv6: pick(true) };
  }

  async #startNode(name: string, at: number): Promise<void> {
    await docker(
      ...["run", "-d", "--name", name, "--hostname", name, "--net", this.#network],
      ...[...CONFINEMENT, ...FORWARDING, NODE_IMAGE, "sleep", "infinity"],
    );
    await this.#inspect(name, [`10.21${at}.77.0/24`, `fd00:77:${at}::/64`]);
  }

  async #inspect(name: string, podRanges = this.#nodes.get(name)?.podRanges): Promise<void> {
    const format = "{{.State.Pid}} {{range .NetworkSettings.Networks}}" +
      "{{.IPAddress}} {{.GlobalIPv6Address}}{{end}}";
    const [pid, ...addresses] = (await docker("inspect", "-f", format, name)).split(" ");
    this.#nodes.set(name, {
      name,
      pid: Number(pid),
      addresses,
      podRanges: podRanges ?? [],
      probeSocket: "",
    });
  }

  async #wire(): Promise<void> {
    const all = [...this.#nodes.values()];
    const ranges = ["10.208.0.0/12", "fd00:77::/32"];
    await Promise.all(all.map((node) => wireNode(node, all.filter((one) => one !== node), ranges)));
  }

  async #remove(): Promise<void> {
    const ids = await docker("ps", "-aq", "--filter", `name=^${this.prefix}-`);
    const list = ids.split("\n").filter(Boolean);
    if (list.length > 0) await docker("rm", "-f", "-v", ...list);
    await docker("network", "rm", this.#network).catch(() => {});
  }
}

/** Endpoints of Pods on one port. */
export function endpointsOf(
  pods: readonly BedPod[],
  family: IpFamily,
  port: number,
): readonly Endpoint[] {
  return pods.map(({ addresses, node }) => ({ address: addresses[family], port, node }));
}

/** A spec with one listener for each part that is given. */
export function specOf(
  key: string,
  listeners: readonly (Partial<Listener> & Pick<Listener, "address" | "port" | "endpoints">)[],
  announcers: readonly string[],
): ProxySpec {
  return {
    key,
    announcers,
    addresses: [...new Set(listeners.map(({ address }) => address))],
    listeners: listeners.map((listener) => ({
      family: listener.address.includes(":") ? "IPv6" : "IPv4",
      protocol: "TCP",
      sourceRanges: [],
      closed: false,
      affinity: "none",
      ...listener,
    })),
  };
}
