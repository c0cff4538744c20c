import type { EngineKind, Environment } from "../runtime/mod.ts";

/** The network that kind was told to use with this engine, when it was told. */
export function configuredNetwork(env: Environment, engine: EngineKind): string | undefined {
  const variable = engine === "podman"
    ? "KIND_EXPERIMENTAL_PODMAN_NETWORK"
    : "KIND_EXPERIMENTAL_DOCKER_NETWORK";
  return env[variable] || undefined;
}
