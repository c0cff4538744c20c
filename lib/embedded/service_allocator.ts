import { ApiError, invalid } from "./api_error.ts";
import { invalidValue } from "./causes.ts";
import { formatIp, type IpNetwork, networkHolds, networkSize, parseIp } from "./ip_address.ts";
import { NumberPool } from "./number_pool.ts";
import {
  HEADLESS,
  isHeadless,
  needsClusterIp,
  needsHealthCheck,
  type ServicePort,
  type ServiceSpec,
  wantsNodePorts,
} from "./service_types.ts";
import type { Cause, Change } from "./types.ts";
import { decodeService } from "./service_decode.ts";

/** The ranges that Services get their numbers from. */
export interface ServiceRanges {
  /** One network for each family, the primary one first. */
  readonly networks: readonly IpNetwork[];
  /** First and last node port. */
  readonly nodePorts: readonly [number, number];
}

interface AddressPool {
  readonly network: IpNetwork;
  readonly pool: NumberPool;
}

const SERVICE = { group: "", kind: "Service" } as const;

/** The pool of a network; the lowest addresses are kept for named requests (KEP-3070). */
function addressPool(network: IpNetwork): AddressPool {
  const size = networkSize(network);
  const sixteenth = size / 16n < 256n ? size / 16n : 256n;
  const band = sixteenth > 16n ? sixteenth : size > 16n ? 16n : 0n;
  const first = network.base + 1n;
  const last = network.base + size - (network.family === "IPv4" ? 2n : 1n);
  const start = network.base + band + 1n;
  return { network, pool: new NumberPool({ first, last, start }) };
}

/** How many low node ports are kept for named requests (KEP-3668): none in a small range. */
function portBand(size: number): number {
  if (size < 32) return 0;
  return Math.min(Math.max(16, Math.floor(size / 32)), 128);
}

/**
 * Cluster addresses and node ports of all Services. It only proposes: what is in use follows
 * from the changes it is told of, so a refused or dry-run write costs nothing.
 */
export class ServiceAllocator {
  readonly #addresses: ReadonlyMap<string, AddressPool>;
  readonly #ports: NumberPool;
  readonly #range: readonly [number, number];

  constructor({ networks, nodePorts }: ServiceRanges) {
    this.#addresses = new Map(networks.map((network) => [network.family, addressPool(network)]));
    const [first, last] = nodePorts;
    const start = BigInt(first + portBand(last - first + 1));
    this.#ports = new NumberPool({ first: BigInt(first), last: BigInt(last), start });
    this.#range = nodePorts;
  }

  /** The families that Services can have, the primary one first. */
  get families(): readonly string[] {
    return [...this.#addresses.keys()];
  }

  /** Follows the store: takes what a stored Service uses, releases what it used before. */
  observe({ type, object, previous }: Change): void {
    if (type !== "DELETED") this.#count(decodeService(object).spec, "take");
    if (previous) this.#count(decodeService(previous).spec, "release");
  }

  #count(spec: ServiceSpec, what: "take" | "release"): void {
    for (const text of spec.clusterIPs ?? []) {
      const ip = parseIp(text);
      if (ip) this.#addresses.get(ip.family)?.pool[what](ip.value);
    }
    for (const port of portsOf(spec)) this.#ports[what](BigInt(port));
  }

  /** The spec with every address and port that it needs; `previous` keeps what it has. */
  allocate(spec: ServiceSpec, name: string, previous?: ServiceSpec): ServiceSpec {
    const causes: Cause[] = [];
    const withIps = this.#withAddresses(spec, { name, previous, causes });
    if (causes.length > 0) throw invalid(SERVICE, name, causes);
    const withPorts = this.#withNodePorts(withIps, { name, previous, causes });
    if (causes.length > 0) throw invalid(SERVICE, name, causes);
    return withPorts;
  }

  #withAddresses(spec: ServiceSpec, context: Context): ServiceSpec {
    if (!needsClusterIp(spec) || isHeadless(spec)) return spec;
    const ips = (spec.ipFamilies ?? []).map((family, i) => {
      const given = spec.clusterIPs?.[i];
      // what the stored Service has is not asked for again: the validation refuses a change
      if (given !== undefined && context.previous?.clusterIPs?.[i] !== undefined) return given;
      return given === undefined ? this.#freeIp(family, context) : this.#checkIp(given, context);
    });
    const [first] = ips;
    return first === undefined ? spec : { ...spec, clusterIP: first, clusterIPs: ips };
  }

  #freeIp(family: string, { name }: Context): string {
    const found = this.#addresses.get(family);
    const value = found?.pool.free();
    if (found && value !== undefined) return formatIp({ family: found.network.family, value });
    const message =
      `Internal error occurred: failed to allocate a serviceIP for Service "${name}": ` +
      "range is full";
    throw new ApiError({ code: 500, reason: "InternalError", message });
  }

  #checkIp(text: string, { causes }: Context): string {
    if (text === HEADLESS) return text;
    const ip = parseIp(text);
    const found = ip && this.#addresses.get(ip.family);
    if (!ip || !found) return text;
    const why = !networkHolds(found.network, ip) || !found.pool.holds(ip.value)
      ? "the provided network does not match the current range"
      : found.pool.used(ip.value)
      ? "provided IP is already allocated"
      : undefined;
    if (why) {
      causes.push(
        invalidValue("spec.clusterIPs", [text], `failed to allocate IP ${text}: ${why}`),
      );
    }
    return text;
  }

  #withNodePorts(spec: ServiceSpec, context: Context): ServiceSpec {
    const mine = new Set(context.previous ? portsOf(context.previous) : []);
    const taken = new Map<number, number>();
    const ports = (spec.ports ?? []).map((port, i) => {
      const nodePort = this.#nodePort(spec, port, {
        ...context,
        mine,
        taken,
        field: `ports[${i}].nodePort`,
      });
      if (nodePort === undefined) return port;
      taken.set(nodePort, port.port);
      return { ...port, nodePort };
    });
    const health = needsHealthCheck(spec)
      ? {
        healthCheckNodePort: this.#healthPort(spec, {
          ...context,
          mine,
          taken,
          field: "healthCheckNodePort",
        }),
      }
      : {};
    return { ...spec, ...(spec.ports && { ports }), ...health };
  }

  #nodePort(spec: ServiceSpec, port: ServicePort, context: PortContext): number | undefined {
    if (port.nodePort !== undefined) {
      if (spec.type === "NodePort" || spec.type === "LoadBalancer") {
        this.#checkPort(port.nodePort, context);
      }
      return port.nodePort;
    }
    if (!wantsNodePorts(spec)) return undefined;
    return (context.previous ? undefined : this.#sharedPort(spec, port, context)) ??
      this.#freePort(context);
  }

  /** New Services share one number between ports that differ in protocol only. */
  #sharedPort(spec: ServiceSpec, port: ServicePort, context: PortContext): number | undefined {
    const named = spec.ports?.find((other) =>
      other.port === port.port && other.nodePort !== undefined
    )?.nodePort;
    if (named !== undefined) this.#checkPort(named, context);
    return named ?? [...context.taken].find(([, servicePort]) => servicePort === port.port)?.[0];
  }

  #healthPort(spec: ServiceSpec, context: PortContext): number {
    if (spec.healthCheckNodePort === undefined) return this.#freePort(context);
    this.#checkPort(spec.healthCheckNodePort, context);
    return spec.healthCheckNodePort;
  }

  #freePort({ taken, name }: PortContext): number {
    const value = this.#ports.free(new Set([...taken.keys()].map(BigInt)));
    if (value !== undefined) return Number(value);
    const message =
      `Internal error occurred: failed to allocate a nodePort for Service "${name}": ` +
      "range is full";
    throw new ApiError({ code: 500, reason: "InternalError", message });
  }

  #checkPort(port: number, { mine, causes, field, taken }: PortContext): void {
    if (mine.has(port) || taken.has(port)) return;
    const [first, last] = this.#range;
    const why = !this.#ports.holds(BigInt(port))
      ? `provided port is not in the valid range. The range of valid ports is ${first}-${last}`
      : this.#ports.used(BigInt(port))
      ? "provided port is already allocated"
      : undefined;
    if (why) causes.push(invalidValue(`spec.${field}`, port, why));
  }
}

interface Context {
  readonly name: string;
  readonly previous: ServiceSpec | undefined;
  readonly causes: Cause[];
}

interface PortContext extends Context {
  readonly field: string;
  /** Ports that the stored Service already has. */
  readonly mine: ReadonlySet<number>;
  /** Node ports given out in this call, each with its Service port. */
  readonly taken: Map<number, number>;
}

/** Every node port of a Service, each once. */
function portsOf(spec: ServiceSpec): readonly number[] {
  const ports = (spec.ports ?? []).map((port) => port.nodePort);
  return [...new Set([...ports, spec.healthCheckNodePort])].filter((port) => port !== undefined);
}
