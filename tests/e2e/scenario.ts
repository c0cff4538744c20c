/** What most scenarios start from: a cluster of the bed with berth serving it. */
import {
  type Bed,
  clusterDown,
  type ClusterOptions,
  clusterUp,
  docker,
  startEngine,
  until,
} from "./bed/mod.ts";
import { type Berth, type BerthOptions, startBerth } from "./berth.ts";

/** How a scenario's world is made. */
export interface ScenarioOptions extends Omit<ClusterOptions, "name"> {
  readonly berth?: Omit<Partial<BerthOptions>, "clusters" | "log">;
}

/** A Service to make. */
export interface ServiceSpec {
  /** Label `app` of its Pods; default the Service's own name. */
  readonly app?: string;
  readonly namespace?: string;
  /** Merged over `type: LoadBalancer`, one TCP port 80 to 8080. */
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

const ADDRESS_MS = 20_000;

/** The cluster name of a scenario; BERTH_E2E_PREFIX keeps parallel runs apart. */
export function clusterName(scenario: string): string {
  return `${Deno.env.get("BERTH_E2E_PREFIX") ?? "e2e"}-${scenario}`;
}

/** A cluster of the bed, and berth serving it. Both end with the scope. */
export class Scenario implements AsyncDisposable {
  readonly bed: Bed;
  berth: Berth;
  readonly #options: BerthOptions;

  constructor(bed: Bed, berth: Berth, options: BerthOptions) {
    this.bed = bed;
    this.berth = berth;
    this.#options = options;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.berth.stop();
    } finally {
      await this.bed.down();
    }
  }

  /** Starts berth anew, as it was started before. */
  async restartBerth(): Promise<void> {
    this.berth = await startBerth(this.#options);
  }

  /** Starts one more berth beside it. */
  async anotherBerth(log: string): Promise<Berth> {
    return await startBerth({ ...this.#options, log });
  }

  /** Makes a LoadBalancer Service; returns its address. */
  async expose(name: string, service: ServiceSpec = {}): Promise<string> {
    await this.createService(name, service);
    return await this.addressOf(name, service.namespace);
  }

  /** Makes a Service without waiting for an address. */
  async createService(name: string, service: ServiceSpec = {}): Promise<void> {
    const { app = name, namespace = "default", spec = {}, annotations = {} } = service;
    await this.bed.api.create(`/api/v1/namespaces/${namespace}/services`, {
      metadata: { name, annotations },
      spec: {
        type: "LoadBalancer",
        selector: { app },
        ports: [{ port: 80, targetPort: 8080 }],
        ...spec,
      },
    });
  }

  /** Waits for a Service's address. */
  async addressOf(name: string, namespace = "default"): Promise<string> {
    let address: string | undefined;
    const look = async () => (address = await this.bed.address(name, namespace)) !== undefined;
    await until(look, ADDRESS_MS, `Service ${name} was given no address`);
    return address ?? "";
  }

  /** Merges a change into a Service. */
  async change(name: string, spec: Readonly<Record<string, unknown>>): Promise<void> {
    await this.bed.api.patch(`/api/v1/namespaces/default/services/${name}`, { spec });
  }

  /** Names of the nodes that hold an address. */
  async holders(address: string): Promise<string[]> {
    const found: string[] = [];
    for (const node of await this.bed.nodes()) {
      if (!node.running || node.role === "external-load-balancer") continue;
      const { stdout } = await this.bed.onNode(node.name, "ip -o addr show");
      if (stdout.includes(` ${address}/`)) found.push(node.name);
    }
    return found;
  }

  /** Waits until exactly one node holds an address. */
  async holder(address: string): Promise<string> {
    let names: string[] = [];
    const look = async () => (names = await this.holders(address)).length === 1;
    await until(look, ADDRESS_MS, `${address} is not on exactly one node`);
    return names[0] ?? "";
  }
}

/** Opens a scenario's world. */
export async function scenario(name: string, options: ScenarioOptions = {}): Promise<Scenario> {
  await startEngine();
  const { berth: berthOptions = {}, ...cluster } = options;
  const full = clusterName(name);
  await clusterDown(full);
  const bed = await clusterUp({ workers: 2, ...cluster, name: full });
  const network = bed.shape.network;
  const settings: BerthOptions = {
    clusters: [full],
    log: await Deno.makeTempFile({ prefix: `${full}-`, suffix: ".log" }),
    ...berthOptions,
    args: ["-v", "3", "--network", network, ...berthOptions.args ?? []],
  };
  try {
    return new Scenario(bed, await startBerth(settings), settings);
  } catch (error) {
    await bed.down();
    throw error;
  }
}

/** The engine network's IPv4 gateway: the address that Pods see of a client on this machine. */
export async function gatewayOf(network: string): Promise<string> {
  const format = "{{range .IPAM.Config}}{{.Gateway}} {{end}}";
  const text = await docker("network", "inspect", "-f", format, network);
  return text.split(" ").find((one) => /^\d+\.\d+\.\d+\.\d+$/.test(one)) ?? "";
}
