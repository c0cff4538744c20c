import { errorText, UsageError } from "../../core/mod.ts";
import {
  type ForwardMethod,
  parseForwardMethod,
  type VipPool,
  vipPool,
  type VrrpOptions,
  vrrpOptions,
} from "../../keepalived/mod.ts";
import type { Settings } from "../options.ts";

/** An object in a namespace. */
export interface ObjectPlace {
  readonly namespace: string;
  readonly name: string;
}

/** What `berth keepalived` gives addresses from. */
export interface VipMode extends ObjectPlace {
  readonly pool?: VipPool;
  readonly method?: ForwardMethod;
}

/**
 * Where the VIP ConfigMap is.
 *
 * @throws UsageError when nobody said.
 */
export function vipConfigMapPlace(
  settings: Pick<Settings, "servicesConfigMap" | "vipNamespace" | "vipConfigMap">,
): ObjectPlace {
  const { servicesConfigMap, vipNamespace = "", vipConfigMap = "" } = settings;
  const both = servicesConfigMap ?? `${vipNamespace}/${vipConfigMap}`;
  const [, namespace, name] = /^([a-z0-9-]+)\/([a-z0-9.-]+)$/.exec(both) ?? [];
  if (namespace !== undefined && name !== undefined) return { namespace, name };
  const what = servicesConfigMap === undefined
    ? `the VIP ConfigMap is not named (namespace "${vipNamespace}", name "${vipConfigMap}")`
    : `--services-configmap is "${servicesConfigMap}"`;
  const message = `${what}: set KEEPALIVED_NAMESPACE and KEEPALIVED_CONFIG_MAP, ` +
    `or --services-configmap NAMESPACE/NAME`;
  throw new UsageError(message);
}

/** The settings of the mode; throws UsageError for what it cannot work with. */
export function vipMode(settings: Settings): VipMode {
  const { serviceCidr, forwardMethod } = settings;
  const method = forwardMethod === undefined ? undefined : parseForwardMethod(forwardMethod);
  if (forwardMethod !== undefined && method === undefined) {
    const message = `the default forward method is "${forwardMethod}": use NAT, DR or PROXY ` +
      `in KEEPALIVED_DEFAULT_FORWARD_METHOD or --default-forward-method`;
    throw new UsageError(message);
  }
  return {
    ...vipConfigMapPlace(settings),
    ...(serviceCidr === undefined ? {} : { pool: poolOf(serviceCidr) }),
    ...(method === undefined ? {} : { method }),
  };
}

/** VRRP as the flags say; throws UsageError with everything that is wrong. */
export function vrrpSettings(settings: Settings): VrrpOptions {
  const { vrrpState: state, unicastSources: sources, ...rest } = settings;
  const answer = vrrpOptions({ ...rest, state, sources });
  if (answer.ok) return answer.options;
  throw new UsageError(answer.problems.join("; "));
}

function poolOf(cidr: string): VipPool {
  try {
    return vipPool(cidr);
  } catch (error) {
    throw new UsageError(errorText(error));
  }
}
