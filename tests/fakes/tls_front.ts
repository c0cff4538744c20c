import { pem } from "./admin_conf.ts";

/** An HTTPS server that passes everything on to one that speaks plain HTTP. */
export interface TlsFront extends AsyncDisposable {
  readonly port: number;
}

/** Opens a {@link TlsFront} with a test certificate, by file name. */
export function tlsFront(target: string, certificate = "server.pem"): TlsFront {
  const stop = new AbortController();
  const client = Deno.createHttpClient({});
  const answers: Promise<Response>[] = [];
  const pass = async (request: Request): Promise<Response> => {
    const { pathname, search } = new URL(request.url);
    const body = request.method === "GET" ? null : await request.arrayBuffer();
    const { method, headers } = request;
    return await fetch(target + pathname + search, { method, headers, body, client });
  };
  const server = Deno.serve({
    ...{ hostname: "127.0.0.1", port: 0, onListen: () => {}, signal: stop.signal },
    ...{ cert: pem(certificate), key: pem("server.key") },
    onError: () => new Response(null, { status: 502 }),
  }, (request) => {
    const answer = pass(request);
    answers.push(answer);
    return answer;
  });
  return {
    port: server.addr.port,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await server.finished;
      // answers whose reader was gone before they came
      for (const answer of answers) {
        await answer.then(({ body }) => body?.cancel()).catch(() => {});
      }
      client.close();
    },
  };
}
