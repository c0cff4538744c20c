import type { EndpointSlice, KubeObject, Service } from "../kube/types.ts";
import { SERVICE_NAME_LABEL } from "../services/mod.ts";
import { permissions, type Permits } from "./grants.ts";
import { keyPairReader, type ReadKeyPair } from "./key_pairs.ts";
import { nameOf, pathOf } from "./names.ts";
import type { GatewayInput } from "./plan_types.ts";
import type { ConfigMap } from "./types.ts";

/** The objects of a {@link GatewayInput} by `namespace/name`. */
export interface Lookups {
  readonly services: ReadonlyMap<string, Service>;
  /** By the Service that they belong to. */
  readonly slices: ReadonlyMap<string, readonly EndpointSlice[]>;
  readonly keyPair: ReadKeyPair;
  readonly configMaps: ReadonlyMap<string, ConfigMap>;
  readonly permits: Permits;
}

/** Indexes the input once, so that the plan never searches a list. */
export function lookups(input: GatewayInput): Lookups {
  return {
    services: byPath(input.services),
    slices: slicesByService(input.slices),
    keyPair: keyPairReader(byPath(input.secrets)),
    configMaps: byPath(input.configMaps),
    permits: permissions(input.grants),
  };
}

function byPath<T extends KubeObject>(objects: readonly T[]): ReadonlyMap<string, T> {
  return new Map(objects.map((object) => [pathOf(nameOf(object)), object]));
}

function slicesByService(
  slices: readonly EndpointSlice[],
): ReadonlyMap<string, readonly EndpointSlice[]> {
  const found = new Map<string, EndpointSlice[]>();
  for (const slice of slices) {
    const name = slice.metadata.labels?.[SERVICE_NAME_LABEL];
    if (name === undefined) continue;
    const path = pathOf({ namespace: nameOf(slice).namespace, name });
    const list = found.get(path);
    if (list === undefined) found.set(path, [slice]);
    else list.push(slice);
  }
  return found;
}
