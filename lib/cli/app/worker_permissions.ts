import { enginePermissions } from "../../runtime/mod.ts";

/** What a worker of `run` may use: the engine's socket, and the directory of logs if there is one. */
export function workerPermissions(
  socketPath: string,
  logs: string | undefined,
): Deno.PermissionOptionsObject {
  const { read, write, net, env } = enginePermissions(socketPath);
  const files = logs === undefined ? [] : [logs];
  return { read: [...read], write: [...write, ...files], net: [...net], env };
}
