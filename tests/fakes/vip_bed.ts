import { giveVips } from "../../lib/cli/app/serve_keepalived.ts";
import type { VipMode } from "../../lib/cli/app/keepalived_settings.ts";
import { vipPool } from "../../lib/keepalived/mod.ts";
import type { KubeClient } from "../../lib/kube/mod.ts";
import { Metrics } from "../../lib/monitor/mod.ts";
import { ApiBed, type Stored } from "./api_bed.ts";
import { fastClock } from "./fast_clock.ts";

/** Collection of the VIP ConfigMap. */
export const configMaps = "/api/v1/namespaces/kube-system/configmaps";
/** Collection of the Services. */
export const services = "/api/v1/namespaces/default/services";

/** The emulator with a VIP ConfigMap and the mode at work on it. */
export class VipBed implements AsyncDisposable {
  readonly api = new ApiBed();
  readonly metrics = new Metrics();
  /** What `/readyz` would say. */
  unready: string | undefined = "not yet";
  readonly #stops: AbortController[] = [];
  readonly #running: Promise<void>[] = [];

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await this.api[Symbol.asyncDispose]();
  }

  /** Starts one more mode. */
  start(
    mode: Partial<VipMode> & { readonly cidr?: string } = {},
    client: KubeClient = this.api.client,
  ): void {
    const { cidr = "10.0.0.0/24", ...rest } = mode;
    const stop = new AbortController();
    this.#stops.push(stop);
    this.#running.push(giveVips(
      { namespace: "kube-system", name: "vips", pool: vipPool(cidr), ...rest },
      {
        client,
        clock: fastClock(10),
        signal: stop.signal,
        metrics: this.#stops.length === 1 ? this.metrics : new Metrics(),
        unready: (problem) => this.unready = problem,
      },
    ));
  }

  /** Stops all of them. */
  async stop(): Promise<void> {
    for (const stop of this.#stops) stop.abort();
    await Promise.all(this.#running);
  }

  /** Makes the VIP ConfigMap. */
  async createConfigMap(
    data: Readonly<Record<string, string>> = {},
    annotations: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    await this.api.create(configMaps, { metadata: { name: "vips", annotations }, data });
  }

  /** Makes a LoadBalancer Service. */
  async createService(name: string, spec: Readonly<Record<string, unknown>> = {}): Promise<Stored> {
    const ports = [{ port: 80, protocol: "TCP" }];
    return await this.api.create(services, {
      metadata: { name },
      spec: { type: "LoadBalancer", ports, ...spec },
    });
  }

  /** The address in a Service's status, when there is one. */
  async address(name: string): Promise<string> {
    const service = await this.api.until(
      "services",
      (service) => service.metadata.name === name && addressOf(service) !== undefined,
    );
    return addressOf(service) ?? "";
  }

  /** Resolves when the entries of the ConfigMap are these. */
  async entries(wanted: Readonly<Record<string, string>>): Promise<void> {
    const text = JSON.stringify(Object.entries(wanted).toSorted());
    await this.api.until(
      "configmaps",
      ({ metadata, data }) =>
        metadata.name === "vips" && JSON.stringify(Object.entries(data ?? {}).toSorted()) === text,
    );
  }

  /** The first event with a reason, now or later. */
  async event(reason: string): Promise<Stored> {
    return await this.api.until("events", (event) => event["reason"] === reason);
  }
}

function addressOf(service: Stored): string | undefined {
  return service["status"]?.loadBalancer?.ingress?.[0]?.ip;
}

/** A client that does something before each patch. */
export function patching(
  client: KubeClient,
  before: (path: string, body: unknown) => Promise<void>,
): KubeClient {
  return {
    get: (path, options) => client.get(path, options),
    list: (path, options) => client.list(path, options),
    watch: (path, options) => client.watch(path, options),
    create: (path, body, options) => client.create(path, body, options),
    async patch(path, body, options) {
      await before(path, body);
      return await client.patch(path, body, options);
    },
    close: () => client.close(),
  };
}
