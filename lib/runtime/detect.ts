import { getLogger } from "@logtape/logtape";
import { AppError, errorText } from "../core/mod.ts";
import {
  type EngineKind,
  type Environment,
  planSockets,
  type SocketCandidate,
} from "./candidates.ts";
import { EngineClient } from "./client.ts";
import { decodeVersion } from "./decode.ts";
import { activeContext, type ReadText } from "./docker_context.ts";
import { SocketError } from "./engine_error.ts";
import { isPermitted } from "./permissions.ts";

const logger = getLogger(["berth", "runtime"]);

/** Who answers on a socket. */
export interface EngineVersion {
  readonly kind: EngineKind;
  /** The engine's own version, such as `28.2.2`. */
  readonly version: string;
  /** It says that it runs in a virtual machine, whose networks cannot be reached from outside. */
  readonly inMachine?: boolean;
}

/** The engine that was found. */
export interface DetectedEngine extends EngineVersion {
  readonly socketPath: string;
  /** What made us look there: a variable, a docker context or `default`. */
  readonly from: string;
}

/** Asks the engine on a socket who it is. */
export type ProbeSocket = (socketPath: string) => Promise<EngineVersion>;

/** Options of {@link detectEngine}; all but `env` have working defaults. */
export interface DetectOptions {
  readonly env: Environment;
  readonly readText?: ReadText;
  readonly probe?: ProbeSocket;
}

/**
 * Finds the container engine: see {@link planSockets} for where it looks.
 *
 * @throws AppError naming every path tried, why it failed and the remedy: `forbidden` when one of
 * them refused us, `unavailable` when none answers, `invalid` when the environment names something
 * that is no Unix socket
 */
export async function detectEngine(
  { env, readText = readTextFile, probe = probeSocket }: DetectOptions,
): Promise<DetectedEngine> {
  const context = env.DOCKER_HOST ? undefined : await activeContext(env, readText);
  const { candidates, warnings } = planSockets({ env, context });
  for (const warning of warnings) logger.warn("engine choice", { warning });
  const failures: Failure[] = [];
  for (const candidate of candidates) {
    try {
      return { ...await probe(candidate.path), socketPath: candidate.path, from: candidate.from };
    } catch (error) {
      failures.push({ candidate, error });
    }
  }
  throw noEngine(failures);
}

interface Failure {
  readonly candidate: SocketCandidate;
  readonly error: unknown;
}

function noEngine(failures: readonly Failure[]): AppError {
  const barred = failures.map(({ error }) => error).filter(isBarred);
  if (barred[0] && barred.length === failures.length) return barred[0];
  const denied = failures.some(({ error }) => faultOf(error) === "permission denied");
  const remedy = denied
    ? "add your user to the docker group and log in again, or set DOCKER_HOST"
    : "start Docker or Podman (systemctl --user start podman.socket), or set DOCKER_HOST to its socket";
  const tried = failures.map(({ candidate, error }) => `${named(candidate)}: ${faultOf(error)}`);
  return new AppError(`no container engine answers (${tried.join(", ")}): ${remedy}`, {
    kind: denied ? "forbidden" : "unavailable",
  });
}

function named({ path, from }: SocketCandidate): string {
  return from === "default" ? path : `${path} of ${from}`;
}

function isBarred(error: unknown): error is SocketError {
  return error instanceof SocketError && error.fault === "no Deno permission";
}

function faultOf(error: unknown): string {
  return error instanceof SocketError ? error.fault : errorText(error);
}

async function probeSocket(socketPath: string): Promise<EngineVersion> {
  const what = "ask the engine's version";
  // without this a terminal would be asked about every socket in turn
  if (!await isPermitted(socketPath)) {
    throw new SocketError("no Deno permission", { what, socketPath });
  }
  const client = new EngineClient({ socketPath });
  try {
    return decodeVersion(
      await client.getJson(what, { path: "/version" }),
    );
  } finally {
    client.close();
  }
}

async function readTextFile(path: string): Promise<string | undefined> {
  const { state } = await Deno.permissions.query({ name: "read", path });
  if (state !== "granted") return undefined;
  try {
    return await Deno.readTextFile(path);
  } catch {
    return undefined;
  }
}
