import type { LogBuffer } from "./log_buffer.ts";
import type { BackendSpec } from "./types.ts";

/** How long requests in flight may take once the Pod is told to stop. */
const DRAIN_MS = 1_000;

/** A listening server and how to end it. */
export interface Listener {
  readonly port: number;
  close(): Promise<void>;
}

/** Where to listen, for whom, and where to write what happened. */
export interface ListenOptions {
  readonly pod: BackendSpec;
  readonly hostname: string;
  readonly port: number;
  readonly log: LogBuffer;
}

/** The line that a sample backend answers with. */
export function greeting(pod: BackendSpec, client: string): string {
  return `pod ${pod.name} on ${pod.nodeName} says hello to ${client}\n`;
}

/**
 * Serves HTTP that tells which Pod answered and who asked.
 *
 * @throws {Deno.errors.AddrInUse | Deno.errors.AddrNotAvailable}
 */
export function listenHttp({ pod, hostname, port, log }: ListenOptions): Listener {
  const cut = new AbortController();
  const server = Deno.serve({
    hostname,
    port,
    signal: cut.signal,
    onListen: () => {},
  }, (request, { remoteAddr }) => {
    const client = "hostname" in remoteAddr ? remoteAddr.hostname : "unknown";
    log.add(`${request.method} ${new URL(request.url).pathname} from ${client}`);
    return new Response(greeting(pod, client), { headers: { "content-type": "text/plain" } });
  });
  return {
    port: server.addr.port,
    close: async () => {
      const timer = setTimeout(() => cut.abort(), DRAIN_MS);
      await server.shutdown();
      clearTimeout(timer);
    },
  };
}
