import { AppError, type ErrorKind, errorKind, errorText } from "../core/mod.ts";
import type { ProbeAnswer } from "./answer.ts";
import { expiredDay, expiredError } from "./certificate.ts";
import type { Endpoint } from "./types.ts";

/** How {@link firstAnswer} asks. */
export interface FirstAnswerOptions {
  /** For messages. */
  readonly cluster: string;
  readonly signal: AbortSignal;
  readonly probe: (server: string, signal: AbortSignal) => Promise<ProbeAnswer>;
}

/** Who answered first, and what. */
export interface FirstAnswer {
  readonly endpoint: Endpoint;
  readonly answer: ProbeAnswer;
}

/**
 * Asks all endpoints at once; the first answer of any kind wins and the other probes are stopped.
 *
 * @throws AppError naming every address and why it failed
 */
export async function firstAnswer(
  endpoints: readonly Endpoint[],
  { cluster, signal, probe }: FirstAnswerOptions,
): Promise<FirstAnswer> {
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const probes = endpoints.map(async (endpoint) => ({
    endpoint,
    answer: await probe(endpoint.server, either),
  }));
  try {
    return await Promise.any(probes);
  } catch (error) {
    signal.throwIfAborted();
    throw noAnswer(cluster, failures(endpoints, error));
  } finally {
    stop.abort();
    await Promise.allSettled(probes);
  }
}

interface Failure {
  readonly server: string;
  readonly kind: ErrorKind;
  readonly why: string;
}

function failures(endpoints: readonly Endpoint[], error: unknown): readonly Failure[] {
  const causes = error instanceof AggregateError ? error.errors : [error];
  return endpoints.map(({ server }, at) => {
    const cause: unknown = causes[at];
    const denied = cause instanceof Deno.errors.NotCapable;
    return { server, kind: denied ? "forbidden" : errorKind(cause), why: rootText(cause) };
  });
}

function noAnswer(cluster: string, failed: readonly Failure[]): AppError {
  const expired = failed.map(({ why }) => expiredDay(why)).find((day) => day !== undefined);
  if (expired !== undefined) {
    const when = expired === "" ? "has expired" : `expired on ${expired}`;
    return expiredError(`the API server's certificate of cluster ${cluster} ${when}`);
  }
  const reasons = failed.map(({ server, why }) => `${server}: ${why}`).join("; ");
  const text = `no API server of cluster ${cluster} answers (${reasons})`;
  const barred = failed.filter(({ kind }) => kind === "forbidden");
  const hosts = barred.map(({ server }) => new URL(server).host).join(",");
  // one that may be asked is enough: while it starts, waiting helps and permissions do not
  if (barred.length === failed.length) {
    return new AppError(`${text}: run with --allow-net=${hosts}`, { kind: "forbidden" });
  }
  const late = failed.every(({ kind }) => kind === "timeout");
  const more = hosts === "" ? "" : `, or run with --allow-net=${hosts}`;
  return new AppError(`${text}: see docker ps and the control plane's log${more}`, {
    kind: late ? "timeout" : "unavailable",
  });
}

/** What wraps the reason only repeats the address. */
const FETCH_WRAPPING = /^error sending request for url \([^)]*\): (client error \(\w+\): )?/;

/** The innermost reason. */
function rootText(error: unknown): string {
  let root = error;
  while (root instanceof Error && root.cause instanceof Error) root = root.cause;
  return errorText(root).replace(FETCH_WRAPPING, "");
}
