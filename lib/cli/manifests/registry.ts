import { stringify } from "yaml";
import { ipamManifests } from "./ipam.ts";
import { keepalivedManifests } from "./keepalived.ts";
import type { Manifest, ManifestMode, ManifestOptions } from "./types.ts";

/** The manifests of each mode: adding one is adding a row. */
const MODES: Readonly<Record<ManifestMode, (options: ManifestOptions) => readonly Manifest[]>> = {
  ipam: ipamManifests,
  keepalived: keepalivedManifests,
};

/** The objects that a mode needs in its cluster, in the order in which they are applied. */
export function manifestsOf(mode: ManifestMode, options: ManifestOptions): readonly Manifest[] {
  return MODES[mode](options);
}

/** The same as YAML documents. */
export function manifestText(mode: ManifestMode, options: ManifestOptions): string {
  const documents = manifestsOf(mode, options);
  // kubectl and kustomize read aliases, people do not
  return documents.map((one) => stringify(one, { aliasDuplicateObjects: false })).join("---\n");
}
