/** Clients of the plane tests: they ask from this machine, each time from a new source port. */

/** Who answered, and for whom it took us. */
export interface Answer {
  readonly name: string;
  readonly client: string;
}

/** Asks the backend's echo port over TCP. Rejects when nobody answers in time. */
export async function askTcp(hostname: string, port: number, ms = 2_000): Promise<Answer> {
  return parse(
    await withDeadline(ms, async () => {
      using conn = await Deno.connect({ hostname, port });
      const buffer = new Uint8Array(256);
      const read = await conn.read(buffer) ?? 0;
      return new TextDecoder().decode(buffer.subarray(0, read));
    }),
  );
}

/** Asks the backend's UDP port with a payload of some size. */
export async function askUdp(
  hostname: string,
  port: number,
  { ms = 2_000, size = 2, local }: { ms?: number; size?: number; local?: Deno.DatagramConn } = {},
): Promise<Answer> {
  const own = local === undefined;
  const any = hostname.includes(":") ? "::" : "0.0.0.0";
  const socket = local ?? Deno.listenDatagram({ transport: "udp", hostname: any, port: 0 });
  try {
    await socket.send(new Uint8Array(size).fill(120), { transport: "udp", hostname, port });
    const [data] = await withDeadline(ms, () => socket.receive());
    return parse(new TextDecoder().decode(data));
  } finally {
    if (own) socket.close();
  }
}

/** Names that answered to `count` questions. */
export async function namesOf(
  count: number,
  ask: () => Promise<Answer>,
): Promise<ReadonlySet<string>> {
  const answers = await Promise.all(Array.from({ length: count }, ask));
  return new Set(answers.map(({ name }) => name));
}

/** `refused`, `unreachable`, `timeout` or the answer. */
export async function outcome(ask: Promise<Answer>): Promise<string> {
  try {
    return (await ask).name;
  } catch (error) {
    if (error instanceof Deno.errors.ConnectionRefused) return "refused";
    return error instanceof DOMException ? "timeout" : String(error);
  }
}

function parse(text: string): Answer {
  const [name = "", from = ""] = text.trim().split(" ");
  return { name, client: from.replace(/:\d+$/, "").replace(/[[\]]/g, "") };
}

async function withDeadline<T>(ms: number, work: () => Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new DOMException("late", "TimeoutError")), ms);
  try {
    return await Promise.race([work(), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
