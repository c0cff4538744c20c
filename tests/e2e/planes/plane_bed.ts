/** Bare nodes with Pods behind them, no Kubernetes: what a kernel plane needs and no more. */
import { createEngine } from "../../../lib/runtime/mod.ts";
import { hash32, systemClock } from "../../../lib/core/mod.ts";
import { createKernelPlane, NODE_SHELL } from "../../../lib/planes/kernel/mod.ts";
import type { Plane, PlaneEvents, PlaneNode } from "../../../lib/planes/types.ts";
import type { Endpoint, IpFamily, Listener, ProxySpec } from "../../../lib/proxy/types.ts";
import {
  BACKEND_IMAGE,
  docker,
  engineAnswers,
  ensureBackendImage,
  run,
  until,
} from "../bed/mod.ts";
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
  /** Folders that replace a node's command path. */
  readonly #paths = new Map<string, string>();
  readonly #ranges: Readonly<Record<IpFamily, string>>;

  constructor(prefix: string) {
    this.prefix = prefix;
    // away from the engine's own pools
    const number = 100 + hash32(prefix) % 100;
    this.#ranges = { IPv4: `10.${number}.0.0/16`, IPv6: `fc00:b0:${number}::/64` };
  }

  /** Makes the network and nodes `PREFIX-a`, `PREFIX-b`, `PREFIX-c`. */
  static async up(prefix: string): Promise<PlaneBed> {
    await Promise.all([ensureNodeImage(), ensureBackendImage()]);
    const bed = new PlaneBed(prefix);
    await bed.#remove();
    const subnets = ["--subnet", bed.#ranges.IPv4, "--subnet", bed.#ranges.IPv6];
    await docker("network", "create", "--ipv6", ...subnets, bed.#network);
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
  address(family: IpFamily, number: number): string {
    return family === "IPv4"
      ? this.#ranges.IPv4.replace("0.0/16", `255.${number}`)
      : this.#ranges.IPv6.replace("/64", `ff:${number}`);
  }

  /** This machine as the nodes see it. */
  gateway(family: IpFamily): string {
    return this.#ranges[family].replace("0.0/16", "0.1").replace("/64", "1");
  }

  /** A plane over these nodes that is disposed with the bed. */
  plane(events: Partial<PlaneEvents> = {}): Plane {
    const plane = createKernelPlane({
      cluster: this.prefix,
      openSession: (container) => this.#engine.session(container, this.#shell(container)),
      clock: systemClock,
      events: { moved: () => {}, broken: () => {}, ...events },
    });
    this.#planes.push(plane);
    return plane;
  }

  /** Starts backend Pods: name → node. */
  async startPods(places: Readonly<Record<string, string>>): Promise<void> {
    const entries = Object.entries(places);
    const first = this.pods.length + 2;
    const pods = await Promise.all(
      entries.map(([name, node], at) => this.#startPod(name, { node, number: first + at })),
    );
    this.pods.push(...pods);
    await Promise.all(pods.map(({ node }) => this.#settled(node)));
  }

  async #startPod(
    name: string,
    { node, number }: { readonly node: string; readonly number: number },
  ): Promise<BedPod> {
    const state = this.#node(node);
    const container = `${this.prefix}-${name}`;
    const sysctls = ["--sysctl", "net.ipv6.conf.all.disable_ipv6=0"];
    await docker(
      ...["run", "-d", "--network", "none", "--hostname", name, "--name", container, ...sysctls],
      BACKEND_IMAGE,
    );
    const pid = Number(await docker("inspect", "-f", "{{.State.Pid}}", container));
    const [v4 = "", v6 = ""] = state.podRanges;
    const addresses = {
      IPv4: v4.replace("0/24", String(number)),
      IPv6: v6.replace("/64", number.toString(16)),
    };
    await attachPod(state, pid, {
      link: `bp${number}`,
      addresses: [addresses.IPv4, addresses.IPv6],
    });
    return { name, node, addresses };
  }

  /** Runs a script in a node, or with this machine's programs in a Pod's network. */
  async inside(name: string, script: string): Promise<string> {
    if (this.#nodes.has(name)) return await docker("exec", name, "bash", "-c", script);
    const pid = await docker("inspect", "-f", "{{.State.Pid}}", `${this.prefix}-${name}`);
    return await run(["nsenter", "-t", pid, "-n", "bash", "-c", script]);
  }

  /**
   * From the next session on, a node's commands come from a folder that a script fills (it is the
   * working directory); nothing of the node itself is changed. Without a script all is as before.
   */
  async setCommands(node: string, script?: string): Promise<void> {
    this.#paths.delete(node);
    if (script === undefined) return;
    const folder = await docker("exec", node, "mktemp", "-d", "/tmp/commands.XXXXXX");
    await docker("exec", "-w", folder, node, "bash", "-c", script);
    this.#paths.set(node, folder);
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

  #shell(node: string): readonly string[] {
    const path = this.#paths.get(node);
    return path === undefined ? NODE_SHELL : ["env", `PATH=${path}`, ...NODE_SHELL];
  }

  get #network(): string {
    return `${this.prefix}-net`;
  }

  #node(name: string): NodeState {
    const state = this.#nodes.get(name);
    if (state === undefined) throw new Error(`the bed has no node ${name}`);
    return state;
  }

  async #startNode(name: string, at: number): Promise<void> {
    await docker(
      ...["run", "-d", "--name", name, "--hostname", name, "--net", this.#network],
      ...[...CONFINEMENT, ...FORWARDING, NODE_IMAGE, "sleep", "infinity"],
    );
    await this.#inspect(name, [`10.21${at}.77.0/24`, `fd00:77:${at + 1}::/64`]);
  }

  /** While a link-local address is tentative, the kernel resolves no neighbour for what it forwards. */
  async #settled(name: string): Promise<void> {
    const tentative = async () => (await this.inside(name, "ip -6 address show tentative")) === "";
    await until(tentative, 10_000, `node ${name} keeps tentative addresses`);
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
