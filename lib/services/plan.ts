import { AppError } from "../core/mod.ts";
import { tryParseAddress } from "../net/mod.ts";
import type { EndpointSlice, Service } from "../kube/types.ts";
import type { Listener, ProxySpec } from "../proxy/types.ts";
import { portEndpoints } from "./endpoints.ts";
import { proxyProtocol } from "./proxy_protocol.ts";
import { type SourceRanges, sourceRanges } from "./source_ranges.ts";

/** No node may announce the addresses of a Service. */
export class NoNodeError extends AppError {
  constructor(known: readonly string[]) {
    const nodes = known.length === 0 ? "none" : known.join(", ");
    super(
      `no node may announce the address (nodes: ${nodes}): remove the label ` +
        `node.kubernetes.io/exclude-from-external-load-balancers from one, or start one`,
      { kind: "exhausted" },
    );
  }
}

/** A node as the planner needs it. */
export interface PlanNode {
  readonly name: string;
  readonly eligible: boolean;
}

/** Everything that the data path of one Service depends on. */
export interface PlanInput {
  /** `<cluster>/<namespace>/<name>`. */
  readonly key: string;
  readonly service: Service;
  readonly slices: readonly EndpointSlice[];
  readonly nodes: readonly PlanNode[];
  /** Canonical text. */
  readonly addresses: readonly string[];
}

/**
 * The data path of one Service. Throws AppError `invalid` for source ranges that cannot be read and
 * NoNodeError when no node may announce its addresses.
 */
export function planService(input: PlanInput): ProxySpec {
  const listeners = input.addresses.flatMap((address) => addressListeners(input, address));
  return {
    key: input.key,
    addresses: input.addresses,
    listeners,
    announcers: announcers(input, listeners),
    ...proxyProtocol(input.service),
  };
}

function addressListeners(input: PlanInput, address: string): readonly Listener[] {
  const family = tryParseAddress(address)?.family ?? "IPv4";
  const ranges = sourceRanges(input.service, family);
  return (input.service.spec.ports ?? []).map((port) =>
    listener(input, { address, family, port, ranges })
  );
}

interface ListenerPlace {
  readonly address: string;
  readonly family: Listener["family"];
  readonly port: NonNullable<Service["spec"]["ports"]>[number];
  readonly ranges: SourceRanges;
}

function listener(input: PlanInput, { address, family, port, ranges }: ListenerPlace): Listener {
  const eligible = new Set(input.nodes.filter((node) => node.eligible).map(({ name }) => name));
  const context = { ...input, isEligible: (node: string) => eligible.has(node) };
  return {
    address,
    family,
    protocol: port.protocol ?? "TCP",
    port: port.port,
    sourceRanges: ranges.ranges,
    closed: ranges.closed,
    affinity: input.service.spec.sessionAffinity === "ClientIP" ? "client-ip" : "none",
    endpoints: portEndpoints(context, port, family),
  };
}

/** Under policy Local an address is best announced where an endpoint lives. */
function announcers(input: PlanInput, listeners: readonly Listener[]): readonly string[] {
  const eligible = input.nodes.filter((node) => node.eligible).map(({ name }) => name).toSorted();
  if (eligible.length === 0) throw new NoNodeError(input.nodes.map(({ name }) => name));
  if (input.service.spec.externalTrafficPolicy !== "Local") return eligible;
  const serving = new Set(
    listeners.flatMap(({ endpoints }) => endpoints.flatMap((e) => e.node ?? [])),
  );
  const local = eligible.filter((node) => serving.has(node));
  return local.length > 0 ? local : eligible;
}
