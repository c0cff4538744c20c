import type { EndpointSlice, Service, ServicePort } from "../kube/types.ts";
import { portEndpoints } from "../services/mod.ts";
import type { ConfBlock } from "./conf_text.ts";
import type { Vip, VirtualServer } from "./conf_types.ts";

/** A Service with its EndpointSlices. */
export interface KnownService {
  readonly service: Service;
  readonly slices: readonly EndpointSlice[];
}

/** Virtual servers, and why some are left out. */
export interface VirtualServers {
  readonly servers: readonly VirtualServer[];
  readonly problems: readonly string[];
}

/**
 * What LVS is to do for the VIPs whose Services are known. A port without ready endpoints is left
 * out; its address stays up, so that the list of addresses does not depend on endpoints.
 */
export function virtualServers(
  vips: readonly Vip[],
  known: (key: string) => KnownService | undefined,
): VirtualServers {
  const servers: VirtualServer[] = [];
  const problems: string[] = [];
  for (const { address, family, service: key, method } of vips) {
    const found = key === undefined ? undefined : known(key);
    if (found === undefined || method === undefined) continue;
    if (method === "PROXY") {
      problems.push(`Service ${key}: method PROXY needs a proxy, ${address} is up without one`);
      continue;
    }
    // as LVS sees it every node may take every packet
    const spec = { ...found.service.spec, externalTrafficPolicy: "Cluster" as const };
    const context = { ...found, service: { ...found.service, spec }, isEligible: () => true };
    for (const port of spec.ports ?? []) {
      const backends = portEndpoints(context, port, family);
      const problem = portProblem(method, port, backends);
      if (problem !== undefined) problems.push(`Service ${key}, port ${port.port}: ${problem}`);
      else servers.push(serverOf({ address, method }, port, backends));
    }
  }
  return { servers, problems };
}

type Backends = VirtualServer["backends"];

function portProblem(
  method: "NAT" | "DR",
  { port }: ServicePort,
  backends: Backends,
): string | undefined {
  if (backends.length === 0) return "no ready endpoint of the address's family";
  const other = backends.find((backend) => backend.port !== port);
  if (method === "NAT" || other === undefined) return undefined;
  return `method DR cannot change the port to ${other.port}: use NAT, or that targetPort as port`;
}

function serverOf(
  vip: Pick<VirtualServer, "address" | "method">,
  { port, protocol = "TCP" }: ServicePort,
  backends: Backends,
): VirtualServer {
  return {
    ...vip,
    port,
    protocol,
    backends: backends.map(({ address, port }) => ({ address, port })),
  };
}

/** The block of a virtual server, with the values of kube-keepalived-vip. */
export function virtualServerBlock(server: VirtualServer): ConfBlock {
  const { address, port, protocol, method, backends } = server;
  return {
    head: `virtual_server ${address} ${port}`,
    body: [
      "delay_loop 5",
      "lvs_sched wlc",
      `lvs_method ${method}`,
      "persistence_timeout 1800",
      `protocol ${protocol}`,
      ...backends.map((backend) => ({
        head: `real_server ${backend.address} ${backend.port}`,
        body: ["weight 1", ...protocol === "TCP" ? [tcpCheck(backend.port)] : []],
      })),
    ],
  };
}

function tcpCheck(port: number): ConfBlock {
  return { head: "TCP_CHECK", body: [`connect_port ${port}`, "connect_timeout 3"] };
}
