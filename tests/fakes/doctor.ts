import type { DoctorPorts } from "../../lib/cli/ports.ts";
import { AppError } from "../../lib/core/mod.ts";

/** Ports of a machine on which everything is well; override single answers. */
export function healthyDoctorPorts(changed: Partial<DoctorPorts> = {}): DoctorPorts {
  return {
    engine: () => Promise.resolve({ socket: "/run/engine.sock", version: "28.2" }),
    network: () =>
      Promise.resolve({ name: "kind", subnets: ["172.18.0.0/16"], pools: ["172.18.255.0/24"] }),
    clusters: () =>
      Promise.resolve([{
        name: "kind",
        nodes: [{ name: "kind-worker", container: "c1", up: true }],
      }]),
    api: () => Promise.resolve("v1.36.3"),
    node: () => Promise.resolve({ missing: [], fwd: true }),
    loopback: () => Promise.resolve(),
    ...changed,
  };
}

/** A port call that fails. */
export function refusing(message: string): () => Promise<never> {
  return () => Promise.reject(new AppError(message, { kind: "unavailable" }));
}
