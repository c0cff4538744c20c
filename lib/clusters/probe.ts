import { type Clock, systemClock } from "../core/mod.ts";
import type { ProbeAnswer } from "./answer.ts";
import type { Credentials } from "./kubeconfig.ts";

const TIMEOUT_MS = 2_000;
/** As much of an answer as is read. */
const BODY_BYTES = 16_384;

/** What a probe needs besides the server's address. */
export interface ProbeOptions {
  readonly credentials: Credentials;
  readonly signal: AbortSignal;
}

/** Asks a server for its version; any HTTP answer resolves, whatever its status. */
export type Probe = (server: string, options: ProbeOptions) => Promise<ProbeAnswer>;

/** A probe over HTTPS with the cluster's CA and the administrator's certificate; 2 s at most. */
export function httpsProbe(clock: Clock = systemClock): Probe {
  return async (server, { credentials, signal }) => {
    await checkPermitted(new URL(server).host);
    using client = Deno.createHttpClient({
      caCerts: [credentials.ca],
      cert: credentials.clientCertificate,
      key: credentials.clientKey,
      poolMaxIdlePerHost: 0,
    });
    const done = new AbortController();
    const limit = new AbortController();
    clock.sleep(TIMEOUT_MS, done.signal).then(() => limit.abort(late()), () => {});
    try {
      return await ask(`${server}/version`, {
        client,
        redirect: "manual",
        signal: AbortSignal.any([signal, limit.signal]),
      });
    } finally {
      done.abort();
    }
  };
}

/** Fails where `fetch` would ask the person at the terminal. */
async function checkPermitted(host: string): Promise<void> {
  const { state } = await Deno.permissions.query({ name: "net", host });
  if (state !== "granted") throw new Deno.errors.NotCapable(`no net permission for ${host}`);
}

async function ask(
  url: string,
  init: RequestInit & { client: Deno.HttpClient },
): Promise<ProbeAnswer> {
  const response = await fetch(url, init);
  return { status: response.status, body: await beginning(response.body) };
}

async function beginning(body: ReadableStream<Uint8Array> | null): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length >= BODY_BYTES) break;
  }
  return text.slice(0, BODY_BYTES);
}

function late(): DOMException {
  return new DOMException(`no answer within ${TIMEOUT_MS / 1000} s`, "TimeoutError");
}
