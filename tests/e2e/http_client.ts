/** An HTTP client that asks one address in another name's stead, as a browser with its own DNS. */
import { type IncomingMessage, request as plainRequest, type RequestOptions } from "node:http";
import { request as secureRequest } from "node:https";

const LIMIT_MS = 5000;

/** A request. */
export interface Ask {
  /** Where it is sent. */
  readonly address: string;
  /** Default 80, with `trust` 443. */
  readonly port?: number;
  /** Whom it is for: the Host header, and the name that TLS asks for. */
  readonly host: string;
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Speaks TLS, and trusts this authority (PEM) alone. */
  readonly trust?: string;
}

/** What the echo server says of the request that reached it. */
export interface Echo {
  readonly path: string;
  readonly host: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, readonly string[]>>;
  /** Name of its Service. */
  readonly service: string;
  readonly pod: string;
}

/** An answer. */
export interface Reply {
  readonly status: number;
  /** `1.1`. */
  readonly httpVersion: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** What the backend saw; undefined when the answer is not an echo. */
  readonly echo: Echo | undefined;
  readonly text: string;
}

/** Sends one request on a connection of its own; throws when there is no whole answer. */
export async function send(ask: Ask): Promise<Reply> {
  const options: RequestOptions = {
    host: ask.address,
    port: ask.port ?? (ask.trust === undefined ? 80 : 443),
    path: ask.path ?? "/",
    method: ask.method ?? "GET",
    headers: { host: ask.host, ...ask.headers },
    agent: false,
    timeout: LIMIT_MS,
  };
  const message = await new Promise<IncomingMessage>((resolve, reject) => {
    const outgoing = ask.trust === undefined
      ? plainRequest(options, resolve)
      : secureRequest({ ...options, servername: ask.host, ca: ask.trust }, resolve);
    outgoing.on("error", reject);
    outgoing.on("timeout", () => outgoing.destroy(new Error(`no answer in ${LIMIT_MS} ms`)));
    outgoing.end();
  });
  let text = "";
  for await (const chunk of message.setEncoding("utf8")) text += String(chunk);
  const { statusCode = 0, httpVersion, headers } = message;
  return { status: statusCode, httpVersion, headers, echo: echoIn(text), text };
}

/**
 * Sends until the answer is as wanted, then returns it; after `limitMs` throws with what came last.
 */
export async function sendUntil(
  ask: Ask,
  wanted: (reply: Reply) => boolean,
  limitMs = 20_000,
): Promise<Reply> {
  const deadline = performance.now() + limitMs;
  let last = "";
  while (performance.now() < deadline) {
    try {
      const reply = await send(ask);
      if (wanted(reply)) return reply;
      last = `${reply.status} from ${reply.echo?.service ?? "no backend"}`;
    } catch (error) {
      last = error instanceof Error ? error.message : String(error);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const what = `${ask.method ?? "GET"} ${ask.host}${ask.path ?? "/"} at ${ask.address}`;
  throw new Error(`${what} is not answered as wanted within ${limitMs} ms: last ${last}`);
}

function echoIn(text: string): Echo | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isEcho = typeof value === "object" && value !== null && "pod" in value;
    return isEcho ? value as Echo : undefined;
  } catch {
    return undefined;
  }
}
