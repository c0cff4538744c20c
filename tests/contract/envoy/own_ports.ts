import type { RouteSpec } from "../../../lib/proxy/types.ts";

/**
 * The same spec on ports that are likely ours: 80 and 443 of a machine are often in use, and by
 * somebody who has them on every address. Ports stay different from each other.
 */
export function onOwnPorts(spec: RouteSpec): RouteSpec {
  return { ...spec, ports: spec.ports.map((one) => ({ ...one, port: ownPort(one.port) })) };
}

function ownPort(port: number): number {
  return 20_000 + (port + Deno.pid) % 10_000;
}
