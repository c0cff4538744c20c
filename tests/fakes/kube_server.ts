import { stringify } from "yaml";
import { createKubeClient, type KubeClient } from "../../lib/kube/mod.ts";
import { httpChunk, type RawRequest, readRequest, writeAll } from "./raw_http.ts";

/** A client and the server that it talks to. */
export interface ServerBed extends AsyncDisposable {
  readonly url: string;
  readonly client: KubeClient;
}

/** What a kubeconfig says beside the server. */
export interface ConfigChange {
  readonly cluster?: Readonly<Record<string, unknown>>;
  readonly user?: Readonly<Record<string, unknown>>;
}

/** A kubeconfig with one context. */
export function kubeconfig(server: string, { cluster, user }: ConfigChange = {}): string {
  return stringify({
    ...{ apiVersion: "v1", kind: "Config", "current-context": "c" },
    clusters: [{ name: "c", cluster: { server, ...cluster } }],
    users: [{ name: "c", user: user ?? {} }],
    contexts: [{ name: "c", context: { cluster: "c", user: "c" } }],
  });
}

/** A client of a server that answers as told. */
export function serverBed(
  handler: (request: Request) => Response | Promise<Response>,
  { tls, ...change }: ConfigChange & { readonly tls?: { cert: string; key: string } } = {},
): ServerBed {
  const place = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
  const server = tls ? Deno.serve({ ...place, ...tls }, handler) : Deno.serve(place, handler);
  const url = `${tls ? "https" : "http"}://127.0.0.1:${server.addr.port}`;
  const client = createKubeClient(kubeconfig(url, change));
  return {
    url,
    client,
    async [Symbol.asyncDispose]() {
      client.close();
      await server.shutdown();
    },
  };
}

/** A client of a server that speaks bytes: chunks of a body, and then it hangs up or hangs. */
export function rawServerBed(
  chunks: readonly string[],
  { end = "hang up" }: { readonly end?: "whole" | "hang up" | "hang" } = {},
): ServerBed & { readonly seen: readonly RawRequest[] } {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const seen: RawRequest[] = [];
  const open = new Set<Deno.Conn>();
  const serve = async (conn: Deno.Conn) => {
    const request = await readRequest(conn);
    if (request === undefined) return conn.close();
    seen.push(request);
    const head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
    await writeAll(conn, `${head}Transfer-Encoding: chunked\r\n\r\n`);
    for (const chunk of chunks) await writeAll(conn, httpChunk(chunk));
    if (end === "hang") return void open.add(conn);
    if (end === "whole") await writeAll(conn, "0\r\n\r\n");
    conn.close();
  };
  const serving: Promise<void>[] = [];
  const accepting = (async () => {
    for await (const conn of listener) serving.push(serve(conn).catch(() => {}));
  })();
  const url = `http://127.0.0.1:${listener.addr.port}`;
  const client = createKubeClient(kubeconfig(url));
  return {
    url,
    client,
    seen,
    async [Symbol.asyncDispose]() {
      client.close();
      listener.close();
      await Promise.all([accepting, ...serving]);
      for (const conn of open) conn.close();
    },
  };
}
