import { ClusterController } from "../../lib/cli/app/cluster_controller.ts";
import type { Confirmation } from "../../lib/cli/app/service_runner.ts";
import { workerEntry } from "../../lib/cli/app/worker_entry.ts";
import { Ledger, networkPools } from "../../lib/addresses/mod.ts";
import type { Settled } from "../../lib/addresses/types.ts";
import { type Clock, systemClock } from "../../lib/core/mod.ts";
import type { ServeOptions } from "../../lib/embedded/mod.ts";
import type { Endpoint } from "../../lib/proxy/types.ts";
import { ApiBed, type Stored } from "./api_bed.ts";
import { openFlow } from "./local_client.ts";

const services = "/api/v1/namespaces/default/services";
const slices = "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices";

/** What differs from an ordinary controller. */
export interface ControllerChange {
  readonly cluster?: string;
  readonly ledger?: Ledger;
  readonly workers?: number;
  readonly workerEntry?: URL;
  readonly clock?: Clock;
  readonly freed?: (settled: Settled, ledger: Ledger) => void;
  readonly mayAllocate?: Promise<void>;
  readonly holderOf?: (address: string) => Promise<string | undefined>;
}

/** A ledger over one subnet. */
export function ledgerOf(...subnets: readonly string[]): Ledger {
  return new Ledger(networkPools({ name: "loopback", subnets }));
}

/** A controller with real Workers and the embedded plane. */
export function embeddedController(
  ledger: Ledger,
  change: ControllerChange & { readonly confirmed?: (result: Confirmation) => void } = {},
): ClusterController {
  return new ClusterController({
    ...{ cluster: "one", planes: ["embedded"], workers: 1, workerEntry, ledger },
    ...{ clock: systemClock, mayAllocate: Promise.resolve(), log: { level: -1, format: "text" } },
    workerPermissions: { net: ["127.0.0.0/8"] },
    ...change,
  });
}

/** The emulator, a controller that serves it, and what people do to it. */
export class ControllerBed implements AsyncDisposable {
  readonly bed: ApiBed;
  readonly ledger: Ledger;
  readonly controller: ClusterController;
  readonly confirmed: Confirmation[] = [];
  readonly #waiting = new Set<() => void>();

  constructor(bed: ApiBed, ledger: Ledger, change: ControllerChange) {
    this.bed = bed;
    this.ledger = ledger;
    this.controller = embeddedController(ledger, {
      ...change,
      confirmed: (result) => {
        this.confirmed.push(result);
        for (const wake of this.#waiting) wake();
      },
    });
  }

  /** Starts a cluster with two nodes and connects the controller to it. */
  static async open(
    subnet: string,
    change: ControllerChange & { readonly api?: ServeOptions; readonly bed?: ApiBed } = {},
  ): Promise<ControllerBed> {
    const { api = {}, bed = new ApiBed(api), ledger = ledgerOf(subnet), ...rest } = change;
    if (bed.objects("nodes").length === 0) bed.api.seedSample();
    const opened = new ControllerBed(bed, ledger, rest);
    opened.controller.setContainers(undefined);
    await opened.controller.connect(bed.api.kubeconfig());
    return opened;
  }

  /** Creates a LoadBalancer Service. */
  async expose(name: string, spec: object = {}, annotations: object = {}): Promise<Stored> {
    return await this.bed.create(services, serviceBody(name, spec, annotations));
  }

  /** Sets where a Service's connections go. */
  async endpoints(service: string, ...endpoints: readonly Endpoint[]): Promise<void> {
    const path = `${slices}/${service}-1`;
    const body = sliceBody(service, endpoints);
    const there = this.bed.objects("discovery.k8s.io/endpointslices")
      .some(({ metadata }) => metadata.name === `${service}-1`);
    if (there) await this.bed.patch(path, body);
    else await this.bed.create(slices, body);
  }

  async change(name: string, body: object): Promise<void> {
    await this.bed.patch(`${services}/${name}`, body);
  }

  async remove(name: string): Promise<void> {
    await this.bed.remove(`${services}/${name}`);
  }

  /** Resolves once a Service is gone. */
  gone(name: string): Promise<void> {
    return this.bed.settled(
      "services",
      (all) => all.every(({ metadata }) => metadata.name !== name),
    );
  }

  service(name: string): Promise<Stored> {
    return this.bed.get(`${services}/${name}`);
  }

  /** The Service's first address, once it has one. */
  async address(name: string): Promise<string> {
    const served = await this.bed.until(
      "services",
      (service) => service.metadata.name === name && addressesOf(service).length > 0,
    );
    return addressesOf(served)[0] ?? "";
  }

  /** Resolves once the condition of a Service has this reason. */
  condition(name: string, reason: string): Promise<Stored> {
    return this.bed.until(
      "services",
      (service) => service.metadata.name === name && conditionOf(service)?.reason === reason,
    );
  }

  /** Resolves once an event with this reason is written about a Service. */
  event(name: string, reason: string): Promise<Stored> {
    return this.bed.until(
      "events",
      (event) => event["involvedObject"].name === name && event["reason"] === reason,
    );
  }

  /** Resolves once the plane has confirmed so many jobs in all. */
  async jobs(count: number): Promise<void> {
    while (this.confirmed.length < count) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#waiting.add(resolve);
      await promise;
      this.#waiting.delete(resolve);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.controller[Symbol.asyncDispose]();
    await this.bed[Symbol.asyncDispose]();
  }
}

/** The addresses in a Service's status. */
export function addressesOf(service: Stored): readonly string[] {
  const ingress = (service["status"]?.loadBalancer?.ingress ?? []) as readonly { ip?: string }[];
  return ingress.flatMap(({ ip }) => ip ?? []);
}

/** Our condition of a Service. */
export function conditionOf(
  service: Stored,
): { readonly status: string; readonly reason: string; readonly message: string } | undefined {
  const conditions = service["status"]?.conditions ?? [];
  return conditions.find(({ type }: { type: string }) => type === "berth.dev/Serving");
}

/** What a backend behind an address answers; undefined when nothing does. */
export async function ask(address: string, port: number): Promise<string | undefined> {
  await using flow = await openFlow({ protocol: "TCP", address, port });
  return await flow.ask();
}

function serviceBody(name: string, spec: object, annotations: object): unknown {
  return {
    ...{ apiVersion: "v1", kind: "Service", metadata: { name, annotations } },
    spec: { type: "LoadBalancer", ports: [{ port: 18_200 }], ...spec },
  };
}

function sliceBody(service: string, endpoints: readonly Endpoint[]): object {
  const [first] = endpoints;
  return {
    ...{ apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice", addressType: "IPv4" },
    metadata: { name: `${service}-1`, labels: { "kubernetes.io/service-name": service } },
    ports: first === undefined ? [] : [{ name: "", port: first.port, protocol: "TCP" }],
    endpoints: endpoints.map(({ address }) => ({
      addresses: [address],
      conditions: { ready: true },
    })),
  };
}
