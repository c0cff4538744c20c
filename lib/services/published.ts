import type { PublishedPort } from "../planes/types.ts";

/** Written by berth: where this machine publishes the ports of a Service, `80/TCP=8080,…`. */
export const publishedAnnotation = "berth.dev/published-ports";

/** The value of the annotation; undefined when nothing is published. */
export function publishedValue(ports: readonly PublishedPort[] = []): string | undefined {
  if (ports.length === 0) return undefined;
  return ports.map(({ port, protocol, hostPort }) => `${port}/${protocol}=${hostPort}`).join(",");
}

/** The same for people: `80/TCP at localhost:8080`. */
export function publishedText(ports: readonly PublishedPort[]): string {
  return ports.map(({ port, protocol, hostAddress, hostPort }) => {
    const host = ["0.0.0.0", "::", "127.0.0.1"].includes(hostAddress) ? "localhost" : hostAddress;
    return `${port}/${protocol} at ${host}:${hostPort}`;
  }).join(", ");
}
