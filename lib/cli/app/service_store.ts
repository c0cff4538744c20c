import type { EndpointSlice, Service } from "../../kube/types.ts";
import { objectKey } from "../../kube/mod.ts";
import { SERVICE_NAME_LABEL } from "../../services/mod.ts";

/** Services and their EndpointSlices as last seen; every operation costs that object alone. */
export class ServiceStore {
  readonly #services = new Map<string, Service>();
  /** By Service, then by the slice's own key. */
  readonly #slices = new Map<string, Map<string, EndpointSlice>>();
  readonly #owners = new Map<string, string>();

  service(key: string): Service | undefined {
    return this.#services.get(key);
  }

  /** A Service with its slices. */
  known(key: string): { service: Service; slices: readonly EndpointSlice[] } | undefined {
    const service = this.#services.get(key);
    return service === undefined ? undefined : { service, slices: this.slices(key) };
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

  /** Takes a slice; returns the keys of the Services it belongs to, now and before. */
  putSlice(slice: EndpointSlice): readonly string[] {
    const owner = ownerOf(slice);
    const key = objectKey(slice);
    const before = this.#owners.get(key) === owner ? [] : this.removeSlice(slice);
    if (owner === undefined) return before;
    const slices = this.#slices.get(owner) ?? new Map<string, EndpointSlice>();
    this.#slices.set(owner, slices.set(key, slice));
    this.#owners.set(key, owner);
    return [...before, owner];
  }

  /** Forgets a slice; returns the key of the Service it belonged to, if any. */
  removeSlice(slice: EndpointSlice): readonly string[] {
    const key = objectKey(slice);
    // the label may have changed: what counts is where the slice was kept
    const owner = this.#owners.get(key);
    if (owner === undefined) return [];
    this.#owners.delete(key);
    const slices = this.#slices.get(owner);
    slices?.delete(key);
    if (slices?.size === 0) this.#slices.delete(owner);
    return [owner];
  }

  /** Replaces all slices; returns the keys that may have changed. */
  syncSlices(slices: readonly EndpointSlice[]): ReadonlySet<string> {
    const touched = new Set(this.#slices.keys());
    this.#slices.clear();
    this.#owners.clear();
    for (const slice of slices) for (const owner of this.putSlice(slice)) touched.add(owner);
    return touched;
  }
}

function ownerOf({ metadata }: EndpointSlice): string | undefined {
  const name = metadata.labels?.[SERVICE_NAME_LABEL];
  return name === undefined ? undefined : `${metadata.namespace ?? "default"}/${name}`;
}
