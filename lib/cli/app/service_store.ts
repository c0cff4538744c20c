import type { EndpointSlice, Service } from "../../kube/types.ts";
import { objectKey } from "../../kube/mod.ts";

/** Label by which an EndpointSlice names its Service (`discovery.k8s.io/v1`). */
export const serviceNameLabel = "kubernetes.io/service-name";

/** Services and their EndpointSlices as last seen; every operation costs that object alone. */
export class ServiceStore {
  readonly #services = new Map<string, Service>();
  readonly #slices = new Map<string, Map<string, EndpointSlice>>();

  service(key: string): Service | undefined {
    return this.#services.get(key);
  }

  slices(key: string): readonly EndpointSlice[] {
    return [...(this.#slices.get(key)?.values() ?? [])];
  }

  keys(): Iterable<string> {
    return this.#services.keys();
  }

  putService(service: Service): string {
    const key = objectKey(service);
    this.#services.set(key, service);
    return key;
  }

  removeService(service: Service): string {
    const key = objectKey(service);
    this.#services.delete(key);
    return key;
  }

  /** Replaces all Services; returns the keys that may have changed. */
  syncServices(services: readonly Service[]): ReadonlySet<string> {
    const touched = new Set(this.#services.keys());
    this.#services.clear();
    for (const service of services) touched.add(this.putService(service));
    return touched;
  }

  /** Takes a slice; returns the key of the Service it belongs to, if any. */
  putSlice(slice: EndpointSlice): string | undefined {
    const owner = ownerOf(slice);
    if (owner === undefined) return undefined;
    const slices = this.#slices.get(owner) ?? new Map<string, EndpointSlice>();
    this.#slices.set(owner, slices.set(slice.metadata.name, slice));
    return owner;
  }

  removeSlice(slice: EndpointSlice): string | undefined {
    const owner = ownerOf(slice);
    if (owner === undefined) return undefined;
    const slices = this.#slices.get(owner);
    slices?.delete(slice.metadata.name);
    if (slices?.size === 0) this.#slices.delete(owner);
    return owner;
  }

  /** Replaces all slices; returns the keys that may have changed. */
  syncSlices(slices: readonly EndpointSlice[]): ReadonlySet<string> {
    const touched = new Set(this.#slices.keys());
    this.#slices.clear();
    for (const slice of slices) {
      const owner = this.putSlice(slice);
      if (owner !== undefined) touched.add(owner);
    }
    return touched;
  }
}

function ownerOf({ metadata }: EndpointSlice): string | undefined {
  const name = metadata.labels?.[serviceNameLabel];
  return name === undefined ? undefined : `${metadata.namespace ?? "default"}/${name}`;
}
