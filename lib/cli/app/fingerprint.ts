import { stableJson } from "../../core/mod.ts";
import type { EndpointSlice, Service } from "../../kube/types.ts";

/** Everything of a Service that its job depends on; equal text means nothing to do. */
export interface JobInput {
  readonly service: Service;
  readonly slices: readonly EndpointSlice[];
  /** From `planRelevant`. */
  readonly nodes: string;
}

/** A text that changes exactly when a job could come out differently; status does not count. */
export function fingerprint({ service, slices, nodes }: JobInput): string {
  const { uid, annotations } = service.metadata;
  const endpoints = slices.map(({ metadata, addressType, ports, endpoints }) =>
    [metadata.name, addressType, ports, endpoints] as const
  );
  return stableJson([uid, annotations, service.spec, endpoints, nodes]);
}
