import dgram from "node:dgram";
import type { Endpoint } from "../../lib/proxy/types.ts";

/** A backend that answers each TCP line and each datagram with its name. */
export interface NamedBackend extends AsyncDisposable {
  readonly endpoint: Endpoint;
  /** TCP connections now open. */
  readonly connections: number;
}

/** Starts a backend on a free port, the same for TCP and UDP. */
export async function startNamedBackend(
  name: string,
  address = "127.0.0.1",
): Promise<NamedBackend> {
  const { listener, datagrams } = await bindBoth(address, name);
  const { port } = listener.addr;
  const open = new Set<Deno.Conn>();
  const accepting = acceptAll(listener, async (connection) => {
    open.add(connection);
    await answerLines(connection, name);
    open.delete(connection);
  });
  return {
    endpoint: { address, port },
    get connections() {
      return open.size;
    },
    async [Symbol.asyncDispose]() {
      listener.close();
      for (const connection of open) connection.close();
      await Promise.all([accepting, new Promise<void>((done) => datagrams.close(() => done()))]);
    },
  };
}

/** A port that is free for TCP may be taken for UDP: then another one. */
async function bindBoth(address: string, name: string) {
  for (let tries = 5;; tries--) {
    const listener = Deno.listen({ hostname: address, port: 0 });
    try {
      const at = { address, port: listener.addr.port };
      return { listener, datagrams: await answerDatagrams(at, name) };
    } catch (error) {
      listener.close();
      if (tries === 0) throw error;
    }
  }
}

async function acceptAll(
  listener: Deno.Listener,
  serve: (connection: Deno.Conn) => Promise<void>,
): Promise<void> {
  const serving: Promise<void>[] = [];
  for await (const connection of listener) serving.push(serve(connection));
  await Promise.all(serving);
}

async function answerLines(connection: Deno.Conn, name: string): Promise<void> {
  const buffer = new Uint8Array(1_024);
  const answer = new TextEncoder().encode(`${name}\n`);
  try {
    while (await connection.read(buffer) !== null) await connection.write(answer);
    connection.close();
  } catch {
    // closed by the test or cut by the peer
  }
}

function answerDatagrams(at: Endpoint, name: string): Promise<dgram.Socket> {
  const socket = dgram.createSocket(at.address.includes(":") ? "udp6" : "udp4");
  socket.on("message", (_data, { port, address }) => socket.send(name, port, address));
  return new Promise((resolve, reject) => {
    socket.once("error", reject);
    socket.bind(at.port, at.address, () => resolve(socket));
  });
}
