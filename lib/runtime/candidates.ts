import { AppError } from "../core/mod.ts";

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The engines that berth can use. */
export type EngineKind = "docker" | "podman";

/** Where an engine may listen, and what makes us look there. */
export interface SocketCandidate {
  readonly path: string;
  /** For messages: `DOCKER_HOST`, `docker context "colima"`, `default`. */
  readonly from: string;
}

/** Which sockets to try, in order, and what to tell about the environment. */
export interface SocketPlan {
  readonly candidates: readonly SocketCandidate[];
  readonly warnings: readonly string[];
}

/** What {@link planSockets} knows about the machine. */
export interface SocketFacts {
  readonly env: Environment;
  /** The active docker context, when it is not the default one. */
  readonly context?: { readonly name: string; readonly host: string } | undefined;
}

/**
 * Decides where to look for the engine.
 *
 * A variable or docker context that names a socket is the only place tried for its engine. Without
 * one the usual places are tried, Docker before Podman as kind does, unless
 * `KIND_EXPERIMENTAL_PROVIDER` names one of the two.
 *
 * @throws AppError `invalid` for an engine or address that has no Unix socket
 */
export function planSockets({ env, context }: SocketFacts): SocketPlan {
  const { kinds, warnings } = providerKinds(env.KIND_EXPERIMENTAL_PROVIDER ?? "");
  const places: Readonly<Record<EngineKind, () => readonly SocketCandidate[]>> = {
    docker: () => dockerSockets(env, context),
    podman: () => podmanSockets(env),
  };
  const named = kinds.map((kind) => places[kind]()).find((found) => isNamed(found));
  const all = named ?? kinds.flatMap((kind) => places[kind]());
  return { candidates: distinct(all), warnings };
}

interface ProviderChoice {
  readonly kinds: readonly EngineKind[];
  readonly warnings: readonly string[];
}

function providerKinds(provider: string): ProviderChoice {
  const both: readonly EngineKind[] = ["docker", "podman"];
  if (provider === "") return { kinds: both, warnings: [] };
  if (provider === "docker" || provider === "podman") return { kinds: [provider], warnings: [] };
  if (provider.startsWith("nerdctl") || provider === "finch") {
    throw new AppError(
      `KIND_EXPERIMENTAL_PROVIDER is "${provider}", whose engine has no Docker-compatible socket: ` +
        "use kind with docker or podman, or serve such a socket and set DOCKER_HOST " +
        "and KIND_EXPERIMENTAL_PROVIDER=docker",
      { kind: "invalid" },
    );
  }
  const warning = `--provider or KIND_EXPERIMENTAL_PROVIDER is "${provider}", ` +
    "which is unknown (known: docker, podman): looking for docker, then podman";
  return { kinds: both, warnings: [warning] };
}

function dockerSockets(env: Environment, context: SocketFacts["context"]): SocketCandidate[] {
  if (env.DOCKER_HOST) {
    return [{ path: unixPath("DOCKER_HOST", env.DOCKER_HOST), from: "DOCKER_HOST" }];
  }
  if (context) {
    const from = `docker context "${context.name}"`;
    return [{ path: unixPath(from, context.host), from }];
  }
  return usual([
    "/var/run/docker.sock",
    under(env.XDG_RUNTIME_DIR, "docker.sock"), // rootless
    under(env.HOME, ".docker/run/docker.sock"), // Docker Desktop on macOS
    under(env.HOME, ".docker/desktop/docker.sock"), // Docker Desktop on Linux
    under(env.HOME, ".orbstack/run/docker.sock"),
    under(env.HOME, ".colima/default/docker.sock"),
    under(env.HOME, ".config/colima/default/docker.sock"),
    under(env.HOME, ".rd/docker.sock"), // Rancher Desktop
  ]);
}

function podmanSockets(env: Environment): SocketCandidate[] {
  if (env.CONTAINER_HOST) {
    return [{ path: unixPath("CONTAINER_HOST", env.CONTAINER_HOST), from: "CONTAINER_HOST" }];
  }
  return usual([
    under(env.XDG_RUNTIME_DIR, "podman/podman.sock"),
    "/run/podman/podman.sock",
    "/var/run/podman/podman.sock",
    under(env.TMPDIR, "podman/podman-machine-default-api.sock"),
    under(env.HOME, ".local/share/containers/podman/machine/podman.sock"),
    under(env.HOME, ".local/share/containers/podman/machine/qemu/podman.sock"),
  ]);
}

/** The path in a `unix://` address; a bare absolute path is accepted too. */
function unixPath(from: string, address: string): string {
  const path = /^(?:unix:(?:\/\/)?)?(\/.+)$/.exec(address)?.[1];
  if (path !== undefined) return path;
  throw new AppError(
    `${from} is "${address}", but berth needs the engine's Unix socket: set it to ` +
      "unix:///path/to/docker.sock (a remote socket can be forwarded with " +
      "ssh -nNT -L /tmp/docker.sock:/var/run/docker.sock HOST)",
    { kind: "invalid" },
  );
}

const USUAL = "default";

function usual(paths: readonly (string | undefined)[]): SocketCandidate[] {
  return paths.filter((path) => path !== undefined).map((path) => ({ path, from: USUAL }));
}

function isNamed(candidates: readonly SocketCandidate[]): boolean {
  return candidates.some(({ from }) => from !== USUAL);
}

function under(folder: string | undefined, path: string): string | undefined {
  return folder ? `${folder.replace(/\/$/, "")}/${path}` : undefined;
}

function distinct(candidates: readonly SocketCandidate[]): readonly SocketCandidate[] {
  return [...new Map(candidates.toReversed().map((one) => [one.path, one])).values()].toReversed();
}
