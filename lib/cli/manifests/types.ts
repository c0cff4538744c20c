import type { HealthPlace } from "../app/health_place.ts";
import type { ObjectPlace } from "../app/keepalived_settings.ts";

/** Modes that berth prints manifests for. */
export type ManifestMode = "ipam" | "keepalived";

/** What differs from one cluster to the next. */
export interface ManifestOptions {
  /** Image with berth as its entry point. */
  readonly image: string;
  /** The ConfigMap of the mode: pools, or VIPs. */
  readonly map: ObjectPlace;
  readonly health: HealthPlace;
  /** Variables of the mode, beside those that it always has. */
  readonly env: Readonly<Record<string, string>>;
}

/** A Kubernetes object as YAML shows it. */
export type Manifest = Readonly<Record<string, unknown>>;
