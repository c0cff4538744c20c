import type { Confirmation } from "../../../lib/cli/app/service_runner.ts";
import type { ClusterController } from "../../../lib/cli/app/cluster_controller.ts";
import { Ledger, networkPools } from "../../../lib/addresses/mod.ts";
import { embeddedController } from "../../fakes/controller_bed.ts";
import type { ApiProcess } from "./api_process.ts";

const services = "/api/v1/namespaces/default/services";
const slices = "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices";
const never = new AbortController().signal;

/** Requests under way while Services are made. */
const atOnce = 32;

/** A controller with real Workers that serves as many Services as asked for. */
export class Crowd implements AsyncDisposable {
  readonly #api: ApiProcess;
  readonly #controller: ClusterController;
  readonly #waiting = new Map<string, (result: Confirmation) => void>();
  #size = 0;

  constructor(api: ApiProcess) {
    this.#api = api;
    // one subnet has about 4,000 addresses to give
    const subnets = ["127.192.0.0/16", "127.193.0.0/16", "127.194.0.0/16"];
    const ledger = new Ledger(networkPools({ name: "loopback", subnets }));
    this.#controller = embeddedController(ledger, {
      workers: 2,
      confirmed: (result) => {
        this.#waiting.get(result.served.key)?.(result);
        this.#waiting.delete(result.served.key);
      },
    });
  }

  static async open(api: ApiProcess): Promise<Crowd> {
    const crowd = new Crowd(api);
    crowd.#controller.setContainers(undefined);
    await crowd.#controller.connect(api.kubeconfig);
    return crowd;
  }

  /** Adds Services, each with an EndpointSlice, until there are so many. */
  async grow(size: number): Promise<void> {
    const add = async () => {
      while (this.#size < size) await this.#add(this.#size++);
    };
    await Promise.all(Array.from({ length: atOnce }, add));
  }

  /** Gives a Service another endpoint; resolves when the plane has confirmed it. */
  changeEndpoints(index: number, turn: number): Promise<Confirmation> {
    return this.#change(index, `${slices}/${nameOf(index)}-1`, {
      endpoints: [{
        addresses: [`127.1.${(turn >> 8) % 256}.${turn % 256}`],
        conditions: { ready: true },
      }],
    });
  }

  /** Gives a Service another port; resolves when the plane has confirmed it. */
  changePort(index: number, turn: number): Promise<Confirmation> {
    const port = 20_000 + turn % 9_973; // never the one it has
    return this.#change(index, `${services}/${nameOf(index)}`, { spec: { ports: [{ port }] } });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#controller[Symbol.asyncDispose]();
  }

  async #add(index: number): Promise<void> {
    const { client } = this.#api;
    const name = nameOf(index);
    const served = this.#confirmation(index);
    await client.create(slices, {
      ...{ apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice", addressType: "IPv4" },
      metadata: { name: `${name}-1`, labels: { "kubernetes.io/service-name": name } },
      ports: [{ name: "", port: 9, protocol: "TCP" }],
      endpoints: [{ addresses: ["127.0.0.1"], conditions: { ready: true } }],
    }, { signal: never });
    await client.create(services, {
      ...{ apiVersion: "v1", kind: "Service", metadata: { name } },
      spec: {
        type: "LoadBalancer",
        allocateLoadBalancerNodePorts: false,
        ports: [{ port: 18_299 }],
      },
    }, { signal: never });
    await served;
  }

  async #change(index: number, path: string, body: unknown): Promise<Confirmation> {
    const confirmed = this.#confirmation(index);
    await this.#api.client.patch(path, body, { type: "merge", signal: never });
    return await confirmed;
  }

  #confirmation(index: number): Promise<Confirmation> {
    const { promise, resolve } = Promise.withResolvers<Confirmation>();
    this.#waiting.set(`one/default/${nameOf(index)}`, resolve);
    return promise;
  }
}

function nameOf(index: number): string {
  return `service-${index}`;
}
