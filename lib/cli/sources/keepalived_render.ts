import { renderConf } from "../../keepalived/mod.ts";
import { createKubeClient, decodeEndpointSlice, decodeService } from "../../kube/mod.ts";
import { clusterConfig } from "../app/cluster_config.ts";
import { vipConfigMapPlace, vrrpSettings } from "../app/keepalived_settings.ts";
import { ServiceStore } from "../app/service_store.ts";
import { missingConfigMap, readConfigMap } from "../app/vip_config_map.ts";
import type { Settings } from "../options.ts";
import type { RenderPorts } from "../ports.ts";
import { givenTexts } from "./given_files.ts";
import { type VipObjects, vipObjects } from "./keepalived_files.ts";

/** Options of {@link renderSource}. */
export interface RenderSourceOptions {
  readonly settings: Settings;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Reads what a configuration is made from: files, or a live cluster. */
export function renderSource({ settings, env }: RenderSourceOptions): RenderPorts {
  return {
    async render({ signal }) {
      const vrrp = vrrpSettings(settings);
      const objects = settings.files.length > 0
        ? await fromFiles(settings)
        : await fromCluster(settings, { env, signal });
      const { data } = objects.configMap;
      const base = { data, vrrp };
      return renderConf(settings.vrrpOnly ? base : { ...base, known: knownIn(objects) });
    },
  };
}

/** Finds a Service with its slices. */
function knownIn({ services, slices }: VipObjects) {
  const store = new ServiceStore();
  store.syncServices(services);
  store.syncSlices(slices);
  return (key: string) => store.known(key);
}

async function fromFiles(settings: Settings): Promise<VipObjects> {
  const given = await givenTexts({ files: settings.files, command: "keepalived render" });
  const named = settings.servicesConfigMap !== undefined || settings.vipConfigMap !== undefined;
  return vipObjects(given.map(({ text }) => text), named ? vipConfigMapPlace(settings) : {});
}

async function fromCluster(
  settings: Settings,
  { env, signal }: Pick<RenderSourceOptions, "env"> & { readonly signal: AbortSignal },
): Promise<VipObjects> {
  const place = vipConfigMapPlace(settings);
  const client = createKubeClient(await clusterConfig(settings, env));
  try {
    const configMap = await readConfigMap(client, place, signal);
    if (configMap === undefined) throw missingConfigMap(place);
    if (settings.vrrpOnly) return { configMap, services: [], slices: [] };
    const [services, slices] = await Promise.all([
      client.list("/api/v1/services", { signal }),
      client.list("/apis/discovery.k8s.io/v1/endpointslices", { signal }),
    ]);
    return {
      configMap,
      services: services.items.map((raw) => decodeService(raw)),
      slices: slices.items.map((raw) => decodeEndpointSlice(raw)),
    };
  } finally {
    client.close();
  }
}
