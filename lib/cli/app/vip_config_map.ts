import { AppError } from "../../core/mod.ts";
import { decodeObject, type KubeClient, KubeError } from "../../kube/mod.ts";
import type { KubeObject } from "../../kube/types.ts";
import type { VipConfigMap } from "../../keepalived/types.ts";
import type { ObjectPlace } from "./keepalived_settings.ts";

/** A ConfigMap as an informer hands it on. */
export interface ConfigMapObject extends KubeObject {
  readonly data?: Readonly<Record<string, unknown>>;
}

/** Path of the collection that a ConfigMap is in. */
export function configMapsPath({ namespace }: ObjectPlace): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/configmaps`;
}

/** Path of one ConfigMap. */
export function configMapPath(place: ObjectPlace): string {
  return `${configMapsPath(place)}/${encodeURIComponent(place.name)}`;
}

/** Keeps metadata and data. */
export function decodeConfigMap(raw: unknown): ConfigMapObject {
  return decodeObject(raw, { kind: "ConfigMap", takes: ["data"] });
}

/** The parts that addresses are read from. */
export function vipConfigMapOf({ metadata, data = {} }: ConfigMapObject): VipConfigMap {
  const texts = Object.entries(data).map(([key, value]) => [key, `${value}`]);
  return {
    resourceVersion: metadata.resourceVersion,
    annotations: metadata.annotations ?? {},
    data: Object.fromEntries(texts),
  };
}

/** The later of two states of a ConfigMap; versions grow (KEP-5504). */
export function newer(a: VipConfigMap | undefined, b: VipConfigMap): VipConfigMap {
  if (a === undefined) return b;
  return Number(a.resourceVersion) > Number(b.resourceVersion) ? a : b;
}

/** The ConfigMap now; undefined when there is none. */
export async function readConfigMap(
  client: Pick<KubeClient, "get">,
  place: ObjectPlace,
  signal: AbortSignal,
): Promise<VipConfigMap | undefined> {
  try {
    return vipConfigMapOf(decodeConfigMap(await client.get(configMapPath(place), { signal })));
  } catch (error) {
    if (error instanceof KubeError && error.kind === "not-found") return undefined;
    throw error;
  }
}

/** Says that the ConfigMap is not there; berth makes none, as the peer. */
export function missingConfigMap({ namespace, name }: ObjectPlace): AppError {
  const message = `the VIP ConfigMap ${namespace}/${name} does not exist: create it ` +
    `(kubectl -n ${namespace} create configmap ${name})`;
  return new AppError(message, { kind: "not-found" });
}
