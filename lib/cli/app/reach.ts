import type { Settings } from "../options.ts";

/** How people on this machine come to what is served. */
export interface Reach {
  /** The plane of Services that name none. */
  readonly plane: "kernel" | "envoy";
  /** Ports are published on the host. */
  readonly publish: boolean;
  /** Processes here lead the addresses to published ports. */
  readonly tunnels: boolean;
}

/** What is known of the machine. */
export interface MachineFacts {
  /** `Deno.build.os`. */
  readonly platform: string;
  /** The engine runs in a virtual machine (Docker Desktop, also on Linux and in WSL2). */
  readonly inMachine: boolean;
}

/**
 * Where the engine's networks cannot be reached from the host, ports are published and tunnelled.
 * Only proxies can publish ports, so they are the default there.
 */
export function reachOf(
  { plane, enableLbPortMapping }: Pick<Settings, "plane" | "enableLbPortMapping">,
  { platform, inMachine }: MachineFacts,
): Reach {
  const isRoutable = platform === "linux" && !inMachine;
  const publish = enableLbPortMapping || !isRoutable;
  const chosen = plane === "kernel" || plane === "envoy" ? plane : publish ? "envoy" : "kernel";
  return { plane: chosen, publish, tunnels: !isRoutable };
}
