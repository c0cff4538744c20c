import type { EndpointSlice, Service, ServicePort, SliceEndpoint } from "../kube/types.ts";
import type { Endpoint, IpFamily } from "../proxy/types.ts";

/** Label by which an EndpointSlice names its Service (`discovery.k8s.io/v1`). */
export const SERVICE_NAME_LABEL = "kubernetes.io/service-name";

/** What decides which endpoints serve. */
export interface EndpointContext {
  readonly service: Service;
  readonly slices: readonly EndpointSlice[];
  /** Nodes that take no traffic from outside under policy Local: `true` for an eligible one. */
  readonly isEligible: (node: string) => boolean;
}

/**
 * Endpoints of one Service port and family: the ready ones or, when there are none, those that
 * still serve while they terminate (KEP-1669). Under policy Local, only those on eligible nodes.
 */
export function portEndpoints(
  context: EndpointContext,
  port: ServicePort,
  family: IpFamily,
): readonly Endpoint[] {
  const ready = collect(context, { port, family, use: isReady });
  const chosen = ready.length > 0 ? ready : collect(context, { port, family, use: isLastResort });
  return chosen.toSorted(byAddress);
}

/**
 * Endpoints of a Service port for a proxy: those of the Service's first family that has any, since
 * Pods are the same in each. Its traffic policy is about its own addresses, not about a proxy's.
 */
export function proxyEndpoints(
  { service, slices }: Pick<EndpointContext, "service" | "slices">,
  port: ServicePort,
): readonly Endpoint[] {
  const { externalTrafficPolicy: _, ...spec } = service.spec;
  const context = { service: { ...service, spec }, slices, isEligible: () => true };
  const families: readonly IpFamily[] = [...service.spec.ipFamilies ?? [], "IPv4", "IPv6"];
  for (const family of new Set(families)) {
    const endpoints = portEndpoints(context, port, family);
    if (endpoints.length > 0) return endpoints;
  }
  return [];
}

interface Choice {
  readonly port: ServicePort;
  readonly family: IpFamily;
  readonly use: (endpoint: SliceEndpoint) => boolean;
}

function collect(context: EndpointContext, choice: Choice): readonly Endpoint[] {
  const local = context.service.spec.externalTrafficPolicy === "Local";
  const found = new Map<string, Endpoint>();
  for (const slice of context.slices) {
    if (slice.addressType !== choice.family) continue;
    const port = slicePort(slice, choice.port);
    if (port === undefined) continue;
    for (const endpoint of slice.endpoints ?? []) {
      const node = endpoint.nodeName;
      if (!choice.use(endpoint)) continue;
      if (local && (node === undefined || !context.isEligible(node))) continue;
      // every address of one endpoint is the same backend: the first is enough (discovery/v1)
      const [address] = endpoint.addresses;
      if (address === undefined) continue;
      found.set(`${address} ${port}`, { address, port, ...(node === undefined ? {} : { node }) });
    }
  }
  return [...found.values()];
}

/** Slice ports carry the Service port's name; a Service with one port may leave it empty. */
function slicePort(slice: EndpointSlice, port: ServicePort): number | undefined {
  const match = (slice.ports ?? []).find((candidate) =>
    (candidate.name ?? "") === (port.name ?? "") &&
    (candidate.protocol ?? "TCP") === (port.protocol ?? "TCP")
  );
  return match?.port;
}

function isReady({ conditions }: SliceEndpoint): boolean {
  return conditions?.ready ?? true; // unknown counts as ready (discovery/v1)
}

function isLastResort({ conditions }: SliceEndpoint): boolean {
  return (conditions?.serving ?? isReady({ addresses: [], ...(conditions && { conditions }) })) &&
    (conditions?.terminating ?? false);
}

function byAddress(a: Endpoint, b: Endpoint): number {
  return a.address < b.address ? -1 : a.address > b.address ? 1 : a.port - b.port;
}
