import { healthPlace } from "../app/health_place.ts";
import { vipMode } from "../app/keepalived_settings.ts";
import { manifestText } from "../manifests/registry.ts";
import type { ManifestMode, ManifestOptions } from "../manifests/types.ts";
import { type OptionName, OPTIONS, type Settings } from "../options.ts";
import type { CommandContext, VersionFacts } from "../ports.ts";

/** Stands for a prefix until somebody names one. RFC 5737: it is nobody's. */
const exampleCidr = "192.0.2.0/24";

/** What of the settings of a mode goes into its manifests. */
type ModeParts = Pick<ManifestOptions, "map" | "env">;

/** `berth manifests MODE`: prints what to apply; the mode's own flags and variables go into it. */
export function manifests(
  { settings, streams }: CommandContext,
  { mode, version }: { readonly mode: ManifestMode; readonly version: VersionFacts },
): number {
  const { image = `berth:${version.berth}` } = settings;
  const parts = mode === "ipam" ? ipamParts(settings) : keepalivedParts(settings);
  if (mode === "keepalived" && settings.serviceCidr === undefined) {
    streams.err(
      `warning: KEEPALIVED_SERVICE_CIDR is ${exampleCidr}, an example: give a prefix of the ` +
        `nodes' network with --service-cidr\n`,
    );
  }
  const health = healthPlace(mode, settings);
  streams.out(manifestText(mode, { image, health, ...parts }));
  return 0;
}

function ipamParts(settings: Settings): ModeParts {
  return {
    map: { namespace: settings.poolNamespace, name: settings.poolConfigMap },
    env: variables(settings, [
      "poolNamespace",
      "poolConfigMap",
      "enableLoadBalancerClass",
      "loadBalancerClassName",
    ]),
  };
}

/** @throws UsageError for what the mode could not work with. */
function keepalivedParts(settings: Settings): ModeParts {
  const { vipNamespace = "kube-system", vipConfigMap = "vip-configmap" } = settings;
  const { serviceCidr = exampleCidr } = settings;
  const named = { ...settings, vipNamespace, vipConfigMap, serviceCidr };
  const { namespace, name } = vipMode(named);
  const whole = { ...named, vipNamespace: namespace, vipConfigMap: name };
  return {
    map: { namespace, name },
    env: variables(whole, ["vipNamespace", "vipConfigMap", "serviceCidr", "forwardMethod"]),
  };
}

/** The variables of options that differ from what the mode takes by itself. */
function variables(settings: Settings, names: readonly OptionName[]): ManifestOptions["env"] {
  return Object.fromEntries(
    names.filter((name) => settings[name] !== OPTIONS[name].default)
      .flatMap((name) => OPTIONS[name].env.slice(0, 1).map((key) => [key, `${settings[name]}`])),
  );
}
