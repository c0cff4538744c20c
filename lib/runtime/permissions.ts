/** Permissions of a Web Worker that talks to the engine, in the shape `Worker` takes them. */
export interface EnginePermissions {
  readonly read: readonly string[];
  readonly write: readonly string[];
  readonly net: readonly string[];
  readonly env: true;
}

/**
 * The least permissions for {@link createEngine} in a Web Worker: the socket and nothing else.
 *
 * `env` is whole because `debug`, on which dockerode's transport depends, lists all variables when
 * it is imported; a list of names is refused there.
 */
export function enginePermissions(socketPath: string): EnginePermissions {
  return { read: [socketPath], write: [socketPath], net: [`unix:${socketPath}`], env: true };
}

/** Whether this isolate may use the socket; asks the permission table and never the person. */
export async function isPermitted(socketPath: string): Promise<boolean> {
  const wanted: readonly Deno.PermissionDescriptor[] = [
    { name: "read", path: socketPath },
    { name: "write", path: socketPath },
    { name: "net", host: `unix:${socketPath}` },
  ];
  const states = await Promise.all(wanted.map((one) => Deno.permissions.query(one)));
  return states.every(({ state }) => state === "granted");
}
