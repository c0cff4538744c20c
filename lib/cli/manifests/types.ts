/** Modes that berth prints manifests for. */
export type ManifestMode = "ipam" | "keepalived";

/** What differs from one cluster to the next. */
export interface ManifestOptions {
  /** Image with berth as its entry point. */
  readonly image: string;
  /** Prefix of `berth keepalived`; without it an example stands in its place. */
  readonly serviceCidr?: string;
}

/** A Kubernetes object as YAML shows it. */
export type Manifest = Readonly<Record<string, unknown>>;
