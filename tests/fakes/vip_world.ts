import type { Json } from "../../lib/embedded/json.ts";
import { mergePatch } from "../../lib/embedded/merge_patch.ts";
import { formatState, stateAnnotation } from "../../lib/keepalived/cloud_state.ts";
import { vipPool } from "../../lib/keepalived/vip_pool.ts";
import type { VipConfigMap, VipPlan, VipRecord } from "../../lib/keepalived/types.ts";
import type { VipWorld } from "../../lib/keepalived/plan_vips.ts";
import type { Service } from "../../lib/kube/types.ts";
import { lbService, type ServiceChange } from "./kube_objects.ts";

/** A Service `default/NAME` with UID `u-NAME`. */
export function vipService(name: string, change: ServiceChange = {}): Service {
  const metadata = { name, namespace: "default", uid: `u-${name}`, ...change.metadata };
  return lbService({ ...change, metadata });
}

/** A record of `default/NAME`. */
export function vipRecord(name: string, ip: string, method?: string): VipRecord {
  const base = { uid: `u-${name}`, ip, namespace: "default", name };
  return method === undefined ? base : { ...base, method };
}

/** A VIP ConfigMap whose state holds these records; entries are theirs unless given. */
export function vipConfigMap(
  records: readonly VipRecord[],
  data: Readonly<Record<string, string>> = entriesOf(records),
): VipConfigMap {
  const annotations = { [stateAnnotation]: formatState({ records, unreadable: [] }) };
  return { resourceVersion: "1", annotations, data };
}

/** Entries of records, each with its method. */
export function entriesOf(records: readonly VipRecord[]): Readonly<Record<string, string>> {
  return Object.fromEntries(records.map(({ ip, namespace, name, method }) => [
    ip,
    method === undefined ? `${namespace}/${name}` : `${namespace}/${name}:${method}`,
  ]));
}

/** A world of Services and records with a pool of that CIDR. */
export function vipWorld(
  services: readonly Service[],
  change: Partial<VipWorld> & { readonly cidr?: string } = {},
): VipWorld {
  const { cidr = "10.0.0.0/8", ...world } = change;
  return { configMap: vipConfigMap([]), services, pool: vipPool(cidr), ...world };
}

/** The ConfigMap after a plan, as the API server would merge it. */
export function afterPlan(configMap: VipConfigMap, plan: VipPlan): VipConfigMap {
  if (plan.patch === undefined) return configMap;
  const { resourceVersion, annotations, data } = configMap;
  const object = { metadata: { resourceVersion, annotations }, data };
  const next = mergePatch(object, plan.patch as Json) as {
    readonly metadata: { readonly annotations?: Record<string, string> };
    readonly data?: Record<string, string>;
  };
  return {
    resourceVersion: String(Number(resourceVersion) + 1),
    annotations: next.metadata.annotations ?? {},
    data: next.data ?? {},
  };
}

/** Addresses by Service name. */
export function addressesOf({ outcomes }: VipPlan): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(outcomes.map(({ service, address }) => [
    service.metadata.name,
    address,
  ]));
}
