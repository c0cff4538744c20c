import type { GatewayChannel } from "../features.ts";

/** A resource definition as it is sent to the API server; only what berth looks at is named. */
export interface ResourceDefinition {
  readonly metadata: {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: {
    readonly group: string;
    readonly names: { readonly plural: string; readonly kind: string };
    readonly versions: readonly { readonly name: string; readonly served: boolean }[];
  };
}

/**
 * The resource definitions of a channel, v1.6.3. Unpacked on each call, since they are needed once
 * and weigh a megabyte.
 */
export async function crdBundle(channel: GatewayChannel): Promise<readonly ResourceDefinition[]> {
  const { packed } = channel === "standard"
    ? await import("./standard.ts")
    : await import("./experimental.ts");
  const bytes = Uint8Array.from(atob(packed), (char) => char.charCodeAt(0));
  const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return await new Response(unpacked).json() as readonly ResourceDefinition[]; // packed by us
}
