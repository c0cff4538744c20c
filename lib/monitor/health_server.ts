import { AppError } from "../core/mod.ts";
import type { MonitorAddress, MonitorFacts } from "./types.ts";

/** A server that runs; disposing ends it. */
export interface HealthServer extends AsyncDisposable {
  /** The port, chosen by the system when 0 was asked for in a test. */
  readonly port: number;
}

/** Type of Prometheus' text format. */
const metricsType = "text/plain; version=0.0.4; charset=utf-8";

/** What listens: `Deno.serve`, or a test's stand-in. */
export type Listen = (
  options: { readonly hostname: string; readonly port: number; readonly onListen: () => void },
  handler: (request: Request) => Promise<Response>,
) => Deno.HttpServer<Deno.NetAddr>;

/**
 * Serves `/healthz`, `/livez`, `/readyz` and `/metrics` over plain HTTP. It answers GET and HEAD
 * alone and tells no secret, so that it needs no authentication. `::` takes both families; where
 * the machine has no IPv6, it is `0.0.0.0`.
 *
 * @throws AppError `unavailable` when the address is taken or not this machine's.
 */
export function serveHealth(
  address: MonitorAddress,
  facts: MonitorFacts,
  listen: Listen = Deno.serve,
): HealthServer {
  const { host, port } = address;
  const start = (hostname: string) =>
    listen({ hostname, port, onListen: () => {} }, (request) => answer(request, facts));
  try {
    const server = host === "::" ? inBothFamilies(start) : start(host);
    return {
      port: server.addr.port,
      async [Symbol.asyncDispose]() {
        await server.shutdown();
      },
    };
  } catch (cause) {
    throw cannotServe(address, cause);
  }
}

function inBothFamilies<T>(start: (hostname: string) => T): T {
  try {
    return start("::");
  } catch (error) {
    const { AddrInUse, NotCapable } = Deno.errors;
    if (error instanceof AddrInUse || error instanceof NotCapable) throw error;
    return start("0.0.0.0");
  }
}

function cannotServe({ host, port, flags }: MonitorAddress, cause: unknown): AppError {
  const { host: hostFlag, port: portFlag } = flags ??
    { host: "--bind-address", port: "--secure-port" };
  const place = `${host.includes(":") ? `[${host}]` : host}:${port}`;
  const fact = `cannot serve health and metrics on ${place}`;
  const choice = `choose another ${hostFlag} or ${portFlag} (0 turns it off)`;
  if (cause instanceof Deno.errors.NotCapable) {
    const message = `${fact}: run with --allow-net=${place}, or ${choice}`;
    return new AppError(message, { kind: "forbidden" });
  }
  return new AppError(`${fact}: ${choice}`, { kind: "unavailable", cause });
}

async function answer(request: Request, facts: MonitorFacts): Promise<Response> {
  if (request.method !== "GET" && request.method !== "HEAD") {
    return new Response("use GET\n", { status: 405, headers: { allow: "GET, HEAD" } });
  }
  switch (new URL(request.url).pathname) {
    case "/healthz":
    case "/livez":
      return verdict(facts.unhealthy());
    case "/readyz":
      return verdict(facts.unready());
    case "/metrics":
      return new Response(await facts.metrics(), { headers: { "content-type": metricsType } });
    default:
      return new Response("there are /healthz, /readyz and /metrics\n", { status: 404 });
  }
}

function verdict(problem: string | undefined): Response {
  return problem === undefined
    ? new Response("ok\n")
    : new Response(`${problem}\n`, { status: 503 });
}
