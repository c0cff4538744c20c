/** Where the volume is in the edge. */
export const EDGE_ROOT = "/berth";

/** Where a proxy's files are in its own container. */
export const CONFIG_DIRECTORY = "/etc/envoy";

/** Where a proxy's own container has the directory of its administration socket. */
export const RUN_DIRECTORY = "/run/envoy";

/** The administration socket in the proxy's container. */
export const ADMIN_SOCKET = `${RUN_DIRECTORY}/admin.sock`;

/** Places of one proxy as the edge sees them. */
export interface ProxyPaths {
  readonly root: string;
  readonly config: string;
  readonly run: string;
  readonly state: string;
  readonly admin: string;
}

/** Places of a proxy below the root of the volume. */
export function proxyPaths(id: string, root = EDGE_ROOT): ProxyPaths {
  const own = `${root}/${id}`;
  return {
    root: own,
    config: `${own}/config`,
    run: `${own}/run`,
    state: `${own}/state.json`,
    admin: `${own}/run/admin.sock`,
  };
}
