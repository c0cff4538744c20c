import { canonicalAddress } from "../../../net/mod.ts";
import type { Backend, Endpoint, Share } from "../../../proxy/types.ts";
import { typed } from "./typed.ts";
import type { JsonObject } from "./types.ts";
import { backendOf, liveShares } from "./usage.ts";

/**
 * Nothing listens there, and it is never routed: where what a share without endpoints gets
 * ends, so that the other shares do not get them.
 */
export const NOWHERE: Endpoint = { address: "127.0.0.1", port: 9 };

/** The endpoints of a backend under the name of its cluster. */
export function backendEndpoints(backend: Backend): JsonObject {
  const known = backend.endpoints.filter(isUsable);
  return assignment(backend.name, known.length === 0 ? [] : [{ lb_endpoints: listed(known) }]);
}

/** The endpoints of all shares of a split in one cluster: a locality each, with its weight. */
export function splitEndpoints(
  cluster: string,
  split: readonly Share[],
  backends: ReadonlyMap<string, Backend>,
): JsonObject {
  const shares = liveShares(split).map((share) => ({
    weight: share.weight,
    endpoints: backends.get(backendOf(share) ?? "")?.endpoints.filter(isUsable) ?? [],
  }));
  if (shares.every(({ endpoints }) => endpoints.length === 0)) return assignment(cluster, []);
  return assignment(
    cluster,
    shares.map(({ weight, endpoints }, position) => ({
      locality: { region: String(position) },
      load_balancing_weight: weight,
      lb_endpoints: listed(endpoints.length > 0 ? endpoints : [NOWHERE]),
    })),
  );
}

function assignment(cluster: string, endpoints: readonly JsonObject[]): JsonObject {
  return typed("envoy.config.endpoint.v3.ClusterLoadAssignment", {
    cluster_name: cluster,
    endpoints,
  });
}

function listed(endpoints: readonly Endpoint[]): readonly JsonObject[] {
  return endpoints.map(({ address, port }) => ({
    endpoint: { address: { socket_address: { address, port_value: port } } },
  }));
}

/** One that Envoy refused would take the others with it. */
function isUsable({ address, port }: Endpoint): boolean {
  return canonicalAddress(address) !== undefined && Number.isInteger(port) && port > 0 &&
    port < 65_536;
}
