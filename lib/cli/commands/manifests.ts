import { manifestText } from "../manifests/registry.ts";
import type { ManifestMode } from "../manifests/types.ts";
import type { CommandContext, VersionFacts } from "../ports.ts";

/** `berth manifests MODE`: prints what to apply. */
export function manifests(
  { settings, streams }: CommandContext,
  { mode, version }: { readonly mode: ManifestMode; readonly version: VersionFacts },
): number {
  streams.out(manifestText(mode, { image: settings.image ?? `berth:${version.berth}` }));
  return 0;
}
