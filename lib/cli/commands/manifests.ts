import { exampleCidr } from "../manifests/keepalived.ts";
import { manifestText } from "../manifests/registry.ts";
import type { ManifestMode } from "../manifests/types.ts";
import type { CommandContext, VersionFacts } from "../ports.ts";

/** `berth manifests MODE`: prints what to apply. */
export function manifests(
  { settings, streams }: CommandContext,
  { mode, version }: { readonly mode: ManifestMode; readonly version: VersionFacts },
): number {
  const { image = `berth:${version.berth}`, serviceCidr } = settings;
  if (mode === "keepalived" && serviceCidr === undefined) {
    streams.err(
      `warning: KEEPALIVED_SERVICE_CIDR is ${exampleCidr}, an example: give a prefix of the ` +
        `nodes' network with --service-cidr\n`,
    );
  }
  streams.out(manifestText(mode, serviceCidr === undefined ? { image } : { image, serviceCidr }));
  return 0;
}
