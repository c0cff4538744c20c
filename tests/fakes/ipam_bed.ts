import { leadIpam } from "../../lib/cli/app/serve_ipam.ts";
import type { Settings } from "../../lib/cli/options.ts";
import { type Clock, systemClock } from "../../lib/core/mod.ts";
import { Metrics } from "../../lib/monitor/mod.ts";
import { ApiBed, type Stored } from "./api_bed.ts";
import { fakeSettings } from "./cli.ts";

/** Annotation in which addresses are. */
export const given = "kube-vip.io/loadbalancerIPs";
/** Finalizer that the controllers share. */
export const finalizer = "service.kubernetes.io/load-balancer-cleanup";
/** The label of Services with an address. */
export const label = { implementation: "kube-vip" };

const configs = "/api/v1/namespaces/kube-system/configmaps";

/** What differs from an ordinary LoadBalancer Service with port 80. */
export interface ServicePlan {
  readonly namespace?: string;
  readonly spec?: object;
  readonly labels?: object;
  readonly annotations?: object;
  readonly finalizers?: readonly string[];
}

/** The emulator, people who write Services and pools, and the leader of `berth ipam`. */
export class IpamBed implements AsyncDisposable {
  readonly api: ApiBed;
  readonly settings: Settings;
  metrics = new Metrics();
  readonly #clock: Clock;
  #stop = new AbortController();
  #running: Promise<void> = Promise.resolve();

  /** Use {@link IpamBed.open}. */
  constructor(api: ApiBed, options: IpamBedOptions) {
    this.api = api;
    this.settings = fakeSettings("ipam", options.settings);
    this.#clock = options.clock ?? systemClock;
  }

  /** Starts with a ConfigMap, and with Services that are there before berth is. */
  static async open(
    pools: Readonly<Record<string, string>> | undefined,
    options: IpamBedOptions = {},
  ): Promise<IpamBed> {
    const serviceNetworks = ["10.96.0.0/16", "fd00:10:96::/112"];
    const bed = new IpamBed(new ApiBed({ serviceNetworks }), options);
    for (const name of ["test", "dev", "prod", ...options.namespaces ?? []]) {
      await bed.api.create("/api/v1/namespaces", { metadata: { name } });
    }
    if (pools !== undefined) await bed.pools(pools);
    for (const [name, plan] of Object.entries(options.before ?? {})) await bed.service(name, plan);
    if (options.start !== false) bed.start();
    return bed;
  }

  /** Begins to lead. */
  start(): void {
    this.#stop = new AbortController();
    this.metrics = new Metrics();
    this.#running = leadIpam(this.settings, {
      client: this.api.client,
      clock: this.#clock,
      signal: this.#stop.signal,
      metrics: this.metrics,
      unready: () => {},
    });
  }

  /** Ends the leadership. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  /** Writes the ConfigMap, whole. */
  async pools(data: Readonly<Record<string, string>>): Promise<void> {
    const there = this.api.objects("configmaps").find(({ metadata }) =>
      metadata.name === "kubevip"
    );
    if (there === undefined) {
      await this.api.create(configs, { metadata: { name: "kubevip" }, data });
      return;
    }
    const gone = Object.fromEntries(Object.keys(there["data"] ?? {}).map((key) => [key, null]));
    await this.api.patch(`${configs}/kubevip`, { data: { ...gone, ...data } });
  }

  /** Creates a Service, `name` or `namespace/name`. */
  service(name: string, plan: ServicePlan = {}): Promise<Stored> {
    const { spec, labels = {}, annotations = {}, finalizers = [] } = plan;
    const [first = "", second] = name.split("/");
    const namespace = second === undefined ? plan.namespace ?? "test" : first;
    return this.api.create(`/api/v1/namespaces/${namespace}/services`, {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: second ?? first, labels, annotations, finalizers },
      spec: { type: "LoadBalancer", ports: [{ port: 80 }], ...spec },
    });
  }

  /** Merge patch of a Service. */
  async change(key: string, body: object): Promise<void> {
    await this.api.patch(pathOf(key), body);
  }

  async remove(key: string): Promise<void> {
    await this.api.remove(pathOf(key));
  }

  get(key: string): Promise<Stored> {
    return this.api.get(pathOf(key));
  }

  /** Resolves with a Service once it satisfies the condition. */
  until(key: string, condition: (service: Stored) => boolean): Promise<Stored> {
    const full = fullKey(key);
    return this.api.until("services", (service) => keyOf(service) === full && condition(service));
  }

  /** The annotation of a Service, once it has one. */
  async address(key: string): Promise<string> {
    return addressOf(await this.until(key, (service) => addressOf(service) !== ""));
  }

  /** Resolves once an event with this reason is written about an object. */
  event(name: string, reason: string): Promise<Stored> {
    return this.api.until(
      "events",
      (event) => event["involvedObject"].name === name && event["reason"] === reason,
    );
  }

  /** Resolves once a Service is gone. */
  gone(key: string): Promise<void> {
    const full = fullKey(key);
    return this.api.settled("services", (all) => all.every((service) => keyOf(service) !== full));
  }

  /** How many writes of a method went to a Service. */
  writes(key: string, method: string): number {
    const path = pathOf(key);
    return this.api.requests.filter((seen) => seen.method === method && seen.path.startsWith(path))
      .length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await this.api[Symbol.asyncDispose]();
  }
}

/** Options of {@link IpamBed.open}. */
export interface IpamBedOptions {
  readonly settings?: Partial<Settings>;
  readonly clock?: Clock;
  readonly namespaces?: readonly string[];
  /** Services that are there before berth is. */
  readonly before?: Readonly<Record<string, ServicePlan>>;
  /** False: `start` is called by the test. */
  readonly start?: boolean;
}

/** What a Service's annotation says. */
export function addressOf(service: Stored): string {
  return annotationsOf(service)[given] ?? "";
}

/** A Service's annotations. */
export function annotationsOf(service: Stored): Readonly<Record<string, string>> {
  const { annotations } = service.metadata as { annotations?: Readonly<Record<string, string>> };
  return annotations ?? {};
}

function pathOf(key: string): string {
  const [namespace, name] = fullKey(key).split("/");
  return `/api/v1/namespaces/${namespace}/services/${name}`;
}

function fullKey(key: string): string {
  return key.includes("/") ? key : `test/${key}`;
}

function keyOf({ metadata }: Stored): string {
  return `${metadata.namespace}/${metadata.name}`;
}
