import { AppError } from "../core/mod.ts";
import type { MonitorAddress, MonitorFacts } from "./types.ts";

/** A server that runs; disposing ends it. */
export interface HealthServer extends AsyncDisposable {
  /** The port, chosen by the system when 0 was asked for in a test. */
  readonly port: number;
}

/** Type of Prometheus' text format. */
const metricsType = "text/plain; version=0.0.4; charset=utf-8";

/**
 * Serves `/healthz`, `/livez`, `/readyz` and `/metrics` over plain HTTP. It answers GET and HEAD
 * alone and tells no secret, so that it needs no authentication.
 *
 * @throws AppError `unavailable` when the address is taken or not this machine's.
 */
export function serveHealth(address: MonitorAddress, facts: MonitorFacts): HealthServer {
  const { host: hostname, port } = address;
  try {
    const server = Deno.serve(
      { hostname, port, onListen: () => {} },
      (request) => answer(request, facts),
    );
    return {
      port: server.addr.port,
      async [Symbol.asyncDispose]() {
        await server.shutdown();
      },
    };
  } catch (cause) {
    const flags = address.flags ?? { host: "--bind-address", port: "--secure-port" };
    const fact = `cannot serve health and metrics on ${hostname}:${port}`;
    const choice = `choose another ${flags.host} or ${flags.port} (0 turns it off)`;
    if (cause instanceof Deno.errors.NotCapable) {
      const message = `${fact}: run with --allow-net=${hostname}:${port}, or ${choice}`;
      throw new AppError(message, { kind: "forbidden" });
    }
    const message = `${fact}: ${choice}`;
    throw new AppError(message, { kind: "unavailable", cause });
  }
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
