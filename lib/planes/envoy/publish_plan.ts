import type { Backend, RoutePort, RouteSpec } from "../../proxy/types.ts";
import type { Container, PublishPlan } from "../../runtime/types.ts";
import type { PublishedPort } from "../types.ts";

/** A port of a spec that the host publishes, and the address that serves it. */
export interface PortToPublish {
  readonly protocol: "TCP" | "UDP";
  readonly port: number;
  readonly address: string;
}

/** Every port of a spec once, on the first of its addresses. */
export function portsToPublish(spec: RouteSpec): readonly PortToPublish[] {
  const found = new Map<string, PortToPublish>();
  for (const { protocol, port, addresses = spec.addresses } of spec.ports) {
    const [address] = addresses;
    const name = `${port}/${protocol}`;
    if (address !== undefined && !found.has(name)) found.set(name, { protocol, port, address });
  }
  return [...found.values()];
}

/** A text that differs when a container with published ports has to be made anew. */
export function portsText(ports: readonly PortToPublish[]): string {
  return ports.map(({ protocol, port }) => `${port}/${protocol.toLowerCase()}`).join(",");
}

/** Host ports that containers have, as the engine lists them: `80/tcp`. */
export function hostPortsTaken(containers: readonly Container[]): ReadonlySet<string> {
  return new Set(
    containers.filter(({ running }) => running).flatMap(({ ports }) =>
      Object.entries(ports).map(([inside, { port }]) => `${port}/${inside.split("/")[1]}`)
    ),
  );
}

/** The same port on the host where it is free, else any. */
export function publishPlans(
  ports: readonly PortToPublish[],
  isFree: (name: string) => boolean,
): readonly PublishPlan[] {
  return ports.map((one) => {
    const protocol = one.protocol === "TCP" ? "tcp" : "udp";
    const fixed = isFree(`${one.port}/${protocol}`) ? { hostPort: one.port } : {};
    return { port: one.port, protocol, hostAddress: "0.0.0.0", ...fixed };
  });
}

/** What the engine says that it published. */
export function publishedPorts(
  ports: readonly PortToPublish[],
  { ports: found }: Pick<Container, "ports">,
): readonly PublishedPort[] {
  return ports.flatMap(({ port, protocol }) => {
    const host = found[`${port}/${protocol.toLowerCase()}`];
    if (host === undefined) return [];
    return [{ port, protocol, hostAddress: host.address, hostPort: host.port }];
  });
}

/** Hands everything on to the addresses that serve it, byte by byte. */
export function forwardSpec(key: string, ports: readonly PortToPublish[]): RouteSpec {
  return {
    key,
    addresses: ["0.0.0.0"],
    ports: ports.map(forwardPort),
    backends: ports.map(forwardBackend).toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    certificates: [],
    authorities: [],
  };
}

function forwardPort(one: PortToPublish): RoutePort {
  const { protocol, port } = one;
  const split = [{ weight: 1, to: { backend: nameOf(one) } }];
  const common = { port, sourceRanges: [] };
  // a client's datagrams stay together on their way
  if (protocol === "UDP") return { protocol, ...common, affinity: "none", split };
  const serve = { kind: "tcp", affinity: "none", split } as const;
  return {
    protocol,
    ...common,
    chains: [{ name: nameOf(one), serverNames: [], peek: false, serve }],
  };
}

function forwardBackend(one: PortToPublish): Backend {
  const { protocol, port, address } = one;
  const endpoints = [{ address, port }];
  const kind = protocol === "UDP" ? "udp" : "tcp";
  return { name: nameOf(one), protocol: kind, affinity: "none", endpoints };
}

function nameOf({ protocol, port }: PortToPublish): string {
  return `${protocol.toLowerCase()} ${port}`;
}
