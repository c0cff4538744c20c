/** A client outside the cluster: plain sockets, a new connection each time. */
import { deadline } from "./wait.ts";

/** Where to connect. */
export interface Target {
  readonly address: string;
  readonly port: number;
}

/** The first answer of one connection: the body of `GET /`. Rejects when there is none in time. */
export async function ask(target: Target, limitMs = 1_000): Promise<string> {
  using connection = await connect(target, limitMs);
  await connection.write(
    new TextEncoder().encode("GET / HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n"),
  );
  const text = await deadline(readAll(connection), limitMs);
  const [head = "", body = ""] = text.split("\r\n\r\n");
  if (!head.startsWith("HTTP/1") || !head.includes(" 200 ")) throw new Error(`answered ${head}`);
  return body.trim();
}

/** Milliseconds until a target answers, starting a try every `everyMs` without waiting for it. */
export async function untilAnswer(target: Target, options: WaitOptions): Promise<number> {
  const { limitMs, everyMs = 5, starts = "" } = options;
  const started = performance.now();
  const answered = Promise.withResolvers<number>();
  let over = false;
  const tries: Promise<void>[] = [];
  const attempt = async () => {
    const body = await ask(target, limitMs);
    if (!body.startsWith(starts)) return;
    answered.resolve(performance.now() - started);
  };
  while (!over && performance.now() - started < limitMs) {
    tries.push(attempt().catch(() => {}));
    const pause = new Promise<void>((resolve) => setTimeout(resolve, everyMs));
    over = await Promise.race([pause.then(() => false), answered.promise.then(() => true)]);
  }
  if (!over) throw new Error(`${target.address}:${target.port} did not answer in ${limitMs} ms`);
  return await answered.promise;
}

/** How long to wait and how often to try. */
export interface WaitOptions {
  readonly limitMs: number;
  readonly everyMs?: number;
  /** What the body of the answer must start with. */
  readonly starts?: string;
}

/** A connection that closes with its scope. */
export async function connect({ address, port }: Target, limitMs: number): Promise<Deno.TcpConn> {
  const opening = Deno.connect({ hostname: address, port });
  try {
    return await deadline(opening, limitMs);
  } catch (error) {
    opening.then((late) => late.close()).catch(() => {});
    throw error;
  }
}

async function readAll(connection: Deno.TcpConn): Promise<string> {
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(4096);
  let text = "";
  for (;;) {
    const count = await connection.read(buffer);
    if (count === null) return text;
    text += decoder.decode(buffer.subarray(0, count), { stream: true });
  }
}
