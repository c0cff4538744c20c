import { stableJson } from "../../core/mod.ts";
import type { EndpointSlice, Service } from "../../kube/types.ts";

/** Everything of a Service that its job depends on; equal text means nothing to do. */
export interface JobInput {
  readonly service: Service;
  readonly slices: readonly EndpointSlice[];
  /** From `planRelevant`. */
  readonly nodes: string;
}

/**
 * A text that changes exactly when a job could come out differently. Status does not count, nor how
 * endpoints are cut into slices.
 */
export function fingerprint({ service, slices, nodes }: JobInput): string {
  const { uid, annotations } = service.metadata;
  const endpoints = slices.flatMap(({ addressType, ports, endpoints }) => {
    const named = (ports ?? []).map((port) => ({ ...port, name: port.name ?? "" }));
    return (endpoints ?? []).map((endpoint) => stableJson([addressType, named, endpoint]));
  });
  return stableJson([uid, annotations, service.spec, endpoints.sort(), nodes]);
}
