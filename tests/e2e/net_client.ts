/** Clients of the scenarios: each call is a new connection, so that no old one hides a change. */

import { createSocket } from "node:dgram";

const LIMIT_MS = 2000;

/** What a backend answered. */
export interface Answer {
  /** Host name of the Pod. */
  readonly pod: string;
  /** The client's address as the Pod saw it. */
  readonly client: string;
}

/** Asks a backend over HTTP; undefined when there is no answer. */
export async function askHttp(address: string, port: number): Promise<Answer | undefined> {
  const text = await httpText(`http://${bracketed(address)}:${port}/`);
  return text === undefined ? undefined : parseAnswer(text);
}

/** Body of a successful GET on a connection of its own; undefined for anything else. */
export async function httpText(url: string): Promise<string | undefined> {
  using client = Deno.createHttpClient({ poolMaxIdlePerHost: 0 });
  try {
    const answer = await fetch(url, { client, signal: AbortSignal.timeout(LIMIT_MS) });
    const text = await answer.text();
    return answer.ok ? text : undefined;
  } catch {
    return undefined;
  }
}

/** Asks a backend over UDP; undefined when there is no answer. */
export async function askUdp(address: string, port: number): Promise<Answer | undefined> {
  const socket = createSocket(address.includes(":") ? "udp6" : "udp4");
  const reply = new Promise<string | undefined>((resolve) => {
    socket.on("message", (bytes) => resolve(bytes.toString()));
    socket.on("error", () => resolve(undefined));
  });
  const late = new Promise<undefined>((resolve) => socket.on("close", () => resolve(undefined)));
  const timer = setTimeout(() => socket.close(), LIMIT_MS);
  socket.send("ping", port, address);
  const text = await Promise.race([reply, late]);
  clearTimeout(timer);
  if (text !== undefined) socket.close();
  return text === undefined ? undefined : parseAnswer(text);
}

/** Asks until something answers; fails after `limitMs`. */
export async function answered(
  ask: () => Promise<Answer | undefined>,
  limitMs = 20_000,
): Promise<Answer> {
  const deadline = performance.now() + limitMs;
  while (performance.now() < deadline) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await pause(50);
  }
  throw new Error(`no answer within ${limitMs} ms`);
}

/** Asks until nothing answers any more; fails after `limitMs`. */
export async function silent(
  ask: () => Promise<Answer | undefined>,
  limitMs = 20_000,
): Promise<void> {
  const deadline = performance.now() + limitMs;
  while (await ask() !== undefined) {
    if (performance.now() > deadline) throw new Error(`still answers after ${limitMs} ms`);
    await pause(50);
  }
}

/** The names of the Pods that answer, out of `times` new connections. */
export async function podsBehind(
  ask: () => Promise<Answer | undefined>,
  times: number,
): Promise<Set<string>> {
  const pods = new Set<string>();
  for (let n = 0; n < times; n++) {
    const answer = await ask();
    if (answer !== undefined) pods.add(answer.pod);
  }
  return pods;
}

/** Counts what fails while something else happens: one new connection after the other. */
export class Probe implements AsyncDisposable {
  #stop = false;
  #asked = 0;
  #failed = 0;
  readonly #done: Promise<void>;

  constructor(ask: () => Promise<Answer | undefined>) {
    this.#done = this.#run(ask);
  }

  /** Ends the probe and tells what it saw. */
  async result(): Promise<{ readonly asked: number; readonly failed: number }> {
    this.#stop = true;
    await this.#done;
    return { asked: this.#asked, failed: this.#failed };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.result();
  }

  async #run(ask: () => Promise<Answer | undefined>): Promise<void> {
    while (!this.#stop) {
      this.#asked++;
      if (await ask() === undefined) this.#failed++;
      await pause(20);
    }
  }
}

/** Waits for so many milliseconds. */
export async function pause(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}

function parseAnswer(text: string): Answer | undefined {
  const [pod, client] = text.trim().split(" ");
  if (pod === undefined || client === undefined) return undefined;
  return { pod, client: client.replace(/:\d+$/, "").replace(/^\[|\]$/g, "") };
}

function bracketed(address: string): string {
  return address.includes(":") ? `[${address}]` : address;
}
