import { AppError, type Clock, errorKind } from "../../core/mod.ts";
import type { Container, ContainerEngine } from "../../runtime/types.ts";
import { NODE_SHELL, NodeAgent, type Step } from "../agent/mod.ts";
import { ENVOY_GROUP, labelFilter, labelsOf, NODE_LABEL } from "./names.ts";
import { edgeMac, edgeName, volumeName } from "./names.ts";
import { EDGE_ROOT } from "./paths.ts";

/** Tries to make the edge when others make it at the same time. */
const TRIES = 5;

/** Most bytes of all files of a cluster's proxies. */
const VOLUME_BYTES = 128 << 20;

/** Written when the edge is new: without it, files and addresses are lost. */
const MARKER = `${EDGE_ROOT}/ready`;

/** What the edge is made of. */
export interface EdgeOptions {
  readonly cluster: string;
  readonly engine: ContainerEngine;
  readonly clock: Clock;
  /** Engine network; that of the cluster's nodes when not given. */
  readonly network?: string;
  /** The session ended, or somebody took an address away. */
  broken(reason: string): void;
}

/** An edge that can be used. */
export interface EdgeLink {
  readonly container: string;
  readonly network: string;
  /** The volume's directory on the engine's host. */
  readonly mountpoint: string;
  /** Made just now: it holds nothing. */
  readonly isNew: boolean;
  readonly agent: NodeAgent;
}

/**
 * The container that owns the addresses and routes of a cluster's proxies, and their files. It runs
 * nothing but our session, so proxies that crash lose neither.
 */
export class Edge implements AsyncDisposable {
  readonly #options: EdgeOptions;
  #link: Promise<EdgeLink> | undefined;
  #closed = false;
  #retired = false;

  constructor(options: EdgeOptions) {
    this.#options = options;
  }

  /** The edge, found or made; `isNew` is true for whoever asks until it is lost. */
  open(): Promise<EdgeLink> {
    if (this.#closed) return Promise.reject(gone("it was closed"));
    this.#link ??= this.#connect().catch((error) => {
      this.#link = undefined;
      throw error;
    });
    return this.#link;
  }

  /** From now on an edge is used if there is one, but none is made. */
  retire(): void {
    this.#retired = true;
  }

  /** True when a container of ours is there, whether it can be used or not. */
  async exists(): Promise<boolean> {
    return (await this.#found()) !== undefined;
  }

  /** Runs steps in the edge; the lines that they print. */
  async run(steps: readonly Step[]): Promise<readonly string[]> {
    const { agent } = await this.open();
    return await agent.run(steps);
  }

  /** Removes the container and all files. */
  async remove(): Promise<void> {
    const { cluster, engine } = this.#options;
    await this.#hangUp();
    const found = await this.#found();
    if (found !== undefined) await engine.removeContainer(found.id);
    await engine.removeVolume(volumeName(cluster));
  }

  /** Ends the session; the container stays. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    await this.#hangUp();
  }

  async #hangUp(): Promise<void> {
    const link = this.#link;
    this.#link = undefined;
    const open = await link?.catch(() => undefined);
    await open?.agent[Symbol.asyncDispose]();
  }

  async #found(): Promise<Container | undefined> {
    const { cluster, engine } = this.#options;
    const [found] = await engine.containers({ labels: labelFilter(cluster, "edge") });
    return found;
  }

  async #connect(): Promise<EdgeLink> {
    for (let attempt = 1;; attempt++) {
      try {
        const found = await this.#adopt();
        if (found !== undefined) return found;
        if (this.#retired) throw gone("it is no more");
        return await this.#make();
      } catch (error) {
        // another worker of this cluster was faster
        const isRace = ["conflict", "not-found"].includes(errorKind(error));
        if (!isRace || attempt >= TRIES || this.#closed) throw error;
        await this.#options.clock.sleep(100 * attempt);
      }
    }
  }

  /** Uses the edge that is there; one that lost its files is worth nothing. */
  async #adopt(): Promise<EdgeLink | undefined> {
    const { engine, cluster } = this.#options;
    const found = await this.#found();
    if (found === undefined) return undefined;
    if (found.running) {
      const { mountpoint } = await this.#volume();
      const agent = await this.#talk(found.id);
      const marks = await agent.run([{ verb: "ask", text: `cat ${MARKER} 2>/dev/null || true` }]);
      const network = Object.keys(found.networks)[0] ?? "";
      if (marks.length > 0) {
        return { container: found.id, network, mountpoint, isNew: false, agent };
      }
      await agent[Symbol.asyncDispose]();
    }
    await engine.removeContainer(found.id);
    await engine.removeVolume(volumeName(cluster));
    return undefined;
  }

  async #make(): Promise<EdgeLink> {
    const { cluster, engine } = this.#options;
    const { image, network } = await this.#nodeFacts();
    const { mountpoint } = await this.#volume();
    const container = await engine.createContainer({
      name: edgeName(cluster),
      image,
      labels: labelsOf(cluster, "edge"),
      command: ["sleep", "infinity"],
      user: "0:0",
      // without the capability to read everything, the group opens the administration sockets
      groups: [String(ENVOY_GROUP)],
      // addresses and routes; announcements; keys for the users of the proxies
      capabilities: ["NET_ADMIN", "NET_RAW", "CHOWN"],
      network: { kind: "own", name: network, mac: edgeMac(cluster) },
      sysctls: { "net.ipv4.ip_unprivileged_port_start": "0" },
      mounts: [{ kind: "volume", source: volumeName(cluster), target: EDGE_ROOT }],
      memoryBytes: VOLUME_BYTES + (64 << 20),
    });
    await engine.startContainer(container);
    const agent = await this.#talk(container);
    await agent.run([{ verb: "ask", text: `rm -rf ${EDGE_ROOT}/* && echo yes > ${MARKER}` }]);
    return { container, network, mountpoint, isNew: true, agent };
  }

  #volume() {
    const { cluster, engine } = this.#options;
    const labels = labelsOf(cluster, "edge");
    return engine.createVolume({ name: volumeName(cluster), labels, memoryBytes: VOLUME_BYTES });
  }

  /** The nodes' own image has all that the edge needs, and it is there. */
  async #nodeFacts(): Promise<{ readonly image: string; readonly network: string }> {
    const { cluster, engine, network } = this.#options;
    const nodes = await engine.containers({ labels: [`${NODE_LABEL}=${cluster}`] });
    const nodeNetworks = nodes.flatMap(({ networks }) => Object.keys(networks));
    const chosen = network ?? nodeNetworks[0];
    const image = nodes.find((node) => node.image !== undefined)?.image;
    if (image !== undefined && chosen !== undefined) return { image, network: chosen };
    throw new AppError(`cluster ${cluster} has no node container: start one`, {
      kind: "unavailable",
    });
  }

  async #talk(container: string): Promise<NodeAgent> {
    const session = await this.#options.engine.session(container, NODE_SHELL);
    let agent: NodeAgent | undefined;
    try {
      agent = await NodeAgent.start(session, {
        // before it has started, whoever starts it is told
        ended: (reason) => this.#ended(agent, reason),
        damaged: (reason) => this.#options.broken(reason),
      });
      return agent;
    } catch (error) {
      await session[Symbol.asyncDispose]();
      throw error;
    }
  }

  async #ended(agent: NodeAgent | undefined, reason: string): Promise<void> {
    if (agent === undefined) return;
    const link = await this.#link?.catch(() => undefined);
    if (link?.agent !== agent) return;
    this.#link = undefined;
    this.#options.broken(`the session ended: ${reason}`);
  }
}

function gone(why: string): AppError {
  return new AppError(`the container with the proxies' addresses cannot be used: ${why}`, {
    kind: "unavailable",
  });
}
