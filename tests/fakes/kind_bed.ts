import { adminConf } from "./admin_conf.ts";
import { ApiBed, type Stored } from "./api_bed.ts";
import { EngineSocket } from "./engine_socket.ts";
import { FakeEngine } from "./fake_engine.ts";
import { FakeNode } from "./fake_node.ts";
import { FakeLocks } from "./fake_lock.ts";
import type { Program } from "./fake_session.ts";
import { kindNode } from "./kind_containers.ts";
import { tlsFront } from "./tls_front.ts";

/** A kind cluster in memory: an emulated API behind TLS and two node containers. */
export interface KindCluster extends AsyncDisposable {
  readonly name: string;
  readonly api: ApiBed;
  /** By container name. */
  readonly nodes: ReadonlyMap<string, FakeNode>;
  expose(name: string, spec?: object): Promise<Stored>;
  /** The Service's first address, once it has one. */
  address(name: string): Promise<string>;
  /** Names of the nodes that have this address on their device. */
  holders(address: string): readonly string[];
}

/** A container engine on a socket, with kind clusters whose nodes speak the agent's protocol. */
export class KindBed implements AsyncDisposable {
  readonly engine: FakeEngine;
  readonly socket: EngineSocket;
  readonly #folder: string;
  readonly #nodes = new Map<string, FakeNode>();
  /** Who else is on the network. */
  readonly locks = new FakeLocks();
  #addresses = 1;

  constructor(folder: string, subnet: string) {
    this.#folder = folder;
    this.engine = new FakeEngine({ program: this.#agent() });
    const network = { name: "kind", subnets: [subnet], gateways: [], ranges: [] };
    this.engine.addNetwork(network);
    this.socket = new EngineSocket(`${folder}/engine.sock`, this.engine);
  }

  static async open(subnet = "172.18.0.0/16"): Promise<KindBed> {
    return new KindBed(await Deno.makeTempDir({ prefix: "berth-" }), subnet);
  }

  /** Creates a cluster with a control plane and a worker, both running. */
  async cluster(name: string): Promise<KindCluster> {
    const api = new ApiBed();
    const front = tlsFront(api.api.url);
    const names = [`${name}-control-plane`, `${name}-worker`];
    const nodes = new Map<string, FakeNode>();
    for (const node of names) {
      await api.create("/api/v1/nodes", {
        ...{ apiVersion: "v1", kind: "Node", metadata: { name: node } },
      });
      nodes.set(node, this.#run(name, node, front.port));
    }
    return {
      ...{ name, api, nodes },
      expose: (service, spec = {}) =>
        api.create("/api/v1/namespaces/default/services", {
          ...{ apiVersion: "v1", kind: "Service", metadata: { name: service } },
          spec: { type: "LoadBalancer", ports: [{ port: 80 }], ...spec },
        }),
      address: async (service) => {
        const found = await api.until(
          "services",
          ({ metadata, status }) =>
            metadata.name === service && status?.loadBalancer?.ingress?.length > 0,
        );
        return found["status"].loadBalancer.ingress[0].ip;
      },
      holders: (address) =>
        [...nodes].filter(([, node]) => node.addresses.has(address)).map(([name]) => name),
      async [Symbol.asyncDispose]() {
        // the server first: it ends the streams that run through the front
        await api[Symbol.asyncDispose]();
        await front[Symbol.asyncDispose]();
      },
    };
  }

  /** The container dies, and with it what its network had. */
  kill(container: string): void {
    this.#nodes.get(container)?.kill();
    this.engine.stop(container);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.socket[Symbol.asyncDispose]();
    await Deno.remove(this.#folder, { recursive: true });
  }

  #run(cluster: string, name: string, port: number): FakeNode {
    const ipv4 = `172.18.0.${++this.#addresses}`;
    const isControl = name.endsWith("control-plane");
    const node = new FakeNode({ ipv4 });
    this.#nodes.set(name, node);
    this.engine.run(kindNode({
      ...{ cluster, name, role: isControl ? "control-plane" : "worker" },
      networks: { kind: { ipv4 } },
      ports: isControl ? { "6443/tcp": { address: "127.0.0.1", port } } : {},
      files: isControl ? { "/etc/kubernetes/admin.conf": adminConf() } : {},
    }));
    return node;
  }

  /** Joins an exec session with the session of the fake node in that container. */
  #agent(): Program {
    return async (input, output, start) => {
      if (FakeLocks.asks(start)) return await this.locks.run(input, output, start);
      const { container } = start;
      const node = this.#nodes.get(container);
      if (node === undefined) return;
      await using session = await node.open(container);
      const writing = (async () => {
        for await (const line of input) await session.write(`${line}\n`).catch(() => {});
        await session[Symbol.asyncDispose]();
      })();
      for await (const line of session.lines) output.stdout(`${line}\n`);
      // the node ended the session: the container's shell ends with it
      void writing;
    };
  }
}
