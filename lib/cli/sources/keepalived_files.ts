import { parseAllDocuments } from "yaml";
import { AppError } from "../../core/mod.ts";
import { decodeEndpointSlice, decodeService } from "../../kube/mod.ts";
import type { EndpointSlice, Service } from "../../kube/types.ts";
import type { VipConfigMap } from "../../keepalived/types.ts";
import { decodeConfigMap, vipConfigMapOf } from "../app/vip_config_map.ts";

/** Objects that a configuration is made from. */
export interface VipObjects {
  readonly configMap: VipConfigMap;
  readonly services: readonly Service[];
  readonly slices: readonly EndpointSlice[];
}

/** Which ConfigMap is meant; absent parts match any. */
export interface WantedConfigMap {
  readonly namespace?: string;
  readonly name?: string;
}

/**
 * Reads a ConfigMap, Services and EndpointSlices out of YAML or JSON texts, lists included.
 *
 * @throws AppError `invalid` without exactly one ConfigMap.
 */
export function vipObjects(texts: readonly string[], wanted: WantedConfigMap): VipObjects {
  const objects = texts.flatMap((text) => parseAllDocuments(text))
    .flatMap((document) => {
      const [error] = document.errors;
      if (error !== undefined) throw invalid(`the file is no YAML: ${error.message}`);
      return flat(document.toJS());
    });
  const of = (kind: string) => objects.filter((object) => object["kind"] === kind);
  const maps = of("ConfigMap").map((raw) => decodeConfigMap(raw))
    .filter(({ metadata }) => wanted.name === undefined || metadata.name === wanted.name)
    .filter(({ metadata: { namespace = wanted.namespace } }) =>
      namespace === wanted.namespace ||
      wanted.namespace === undefined
    );
  const [map] = maps;
  if (map === undefined || maps.length > 1) {
    throw invalid(
      `the files hold ${maps.length} such ConfigMaps: give one, or name it with ` +
        `--services-configmap NAMESPACE/NAME`,
    );
  }
  return {
    configMap: vipConfigMapOf(map),
    services: of("Service").map((raw) => decodeService(raw)),
    slices: of("EndpointSlice").map((raw) => decodeEndpointSlice(raw)),
  };
}

function flat(raw: unknown): readonly Record<string, unknown>[] {
  if (typeof raw !== "object" || raw === null) return [];
  const object = raw as Record<string, unknown>;
  const items = object["items"];
  return Array.isArray(items) ? items.flatMap(flat) : [object];
}

function invalid(message: string): AppError {
  return new AppError(message, { kind: "invalid" });
}
