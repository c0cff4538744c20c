import type { HostPort } from "../runtime/types.ts";
import type { Endpoint, KindCluster } from "./types.ts";

/**
 * Where a cluster's API server may answer: the server named in its own admin.conf, which resolves
 * on the engine's network only, and the port published on this host.
 */
export function apiEndpoints({ api }: KindCluster, internalServer: string): readonly Endpoint[] {
  const internal: Endpoint = { kind: "internal", server: internalServer };
  if (!api.published) return [internal];
  const { published } = api;
  const hosts = reachableHosts(published);
  return [
    internal,
    ...hosts.map((host): Endpoint => ({
      kind: "external",
      server: `https://${host}:${published.port}`,
    })),
  ];
}

/**
 * A wildcard is reached on loopback. kind puts `localhost` and the address it was told to listen on
 * into the certificate, so for a wildcard only `localhost` is sure to be there.
 */
function reachableHosts({ address }: HostPort): readonly string[] {
  if (address === "" || address === "0.0.0.0") return ["127.0.0.1", "localhost"];
  if (address === "::") return ["[::1]", "localhost"];
  return [address.includes(":") ? `[${address}]` : address];
}
