import type { EndpointSlice, Service, ServicePort } from "../kube/types.ts";
import { proxyEndpoints, SERVICE_NAME_LABEL } from "../services/mod.ts";

/** Services and the Pods behind them, as the API server gave them. */
export interface BackendObjects {
  readonly services: readonly Service[];
  readonly slices: readonly EndpointSlice[];
}

/** A port of a Service, as something refers to it. */
export interface BackendPort {
  readonly namespace: string;
  readonly name: string;
  readonly port: { readonly number?: number | undefined; readonly name?: string | undefined };
}

/** Tells which Services have a Pod that serves. */
export class ReadyPods {
  readonly #services: ReadonlyMap<string, Service>;
  readonly #slices: ReadonlyMap<string, readonly EndpointSlice[]>;

  constructor({ services, slices }: BackendObjects) {
    this.#services = new Map(
      services.map((one) => [`${one.metadata.namespace}/${one.metadata.name}`, one]),
    );
    this.#slices = Map.groupBy(
      slices,
      ({ metadata }) => `${metadata.namespace}/${metadata.labels?.[SERVICE_NAME_LABEL]}`,
    );
  }

  /** True with a Pod that serves the port; undefined for what cannot be passed on to anyway. */
  has({ namespace, name, port }: BackendPort): boolean | undefined {
    const key = `${namespace}/${name}`;
    const service = this.#services.get(key);
    if (service === undefined || service.spec.type === "ExternalName") return undefined;
    const asked = (service.spec.ports ?? []).filter((one) => isAsked(one, port));
    if (asked.length === 0) return undefined;
    const slices = this.#slices.get(key) ?? [];
    return asked.some((one) => proxyEndpoints({ service, slices }, one).length > 0);
  }
}

/** What people are told of a Service without Pods. */
export function noPodText({ namespace, name }: Pick<BackendPort, "namespace" | "name">): string {
  return `no Pod of Service ${namespace}/${name} is ready`;
}

function isAsked(one: ServicePort, { number, name }: BackendPort["port"]): boolean {
  return name === undefined ? one.port === number : one.name === name;
}
