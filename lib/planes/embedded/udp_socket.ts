import dgram from "node:dgram";
import { type BindAddress, bindError } from "./bind_error.ts";

/** One datagram and its sender. */
export interface Datagram {
  readonly data: Uint8Array;
  readonly address: string;
  readonly port: number;
}

/** What a bound socket reports. */
export interface UdpEvents {
  datagram(datagram: Datagram): void;
  failed(error: Error): void;
}

/** A bound UDP socket. */
export interface UdpSocket {
  /** Sends, or drops where too much waits already: UDP has no back-pressure. */
  send(datagram: Datagram): void;
  close(): Promise<void>;
}

const mostUnsent = 512;

/** Binds a UDP socket; port 0 takes a free one. Rejects with an AppError with the remedy. */
export async function openUdpSocket(at: BindAddress, events: UdpEvents): Promise<UdpSocket> {
  requireNet(at);
  const socket = dgram.createSocket(at.hostname.includes(":") ? "udp6" : "udp4");
  await bind(socket, at);
  socket.on("error", (error) => events.failed(error));
  socket.on(
    "message",
    (data, { address, port }) => events.datagram({ data, address, port }),
  );
  let unsent = 0;
  let open = true;
  return {
    send({ data, address, port }) {
      if (!open || unsent >= mostUnsent) return;
      unsent++;
      socket.send(data, port, address, () => unsent--); // a lost datagram is UDP's own matter
    },
    close() {
      if (!open) return Promise.resolve();
      open = false;
      return new Promise((resolve) => socket.close(() => resolve()));
    },
  };
}

// a missing permission would surface as an uncaught error in the socket's own tick
function requireNet(at: BindAddress): void {
  const { hostname, port } = at;
  const host = hostname.includes(":") ? `[${hostname}]:${port}` : `${hostname}:${port}`;
  if (Deno.permissions.querySync({ name: "net", host }).state === "granted") return;
  throw bindError(new Deno.errors.NotCapable(host), at);
}

function bind(socket: dgram.Socket, at: BindAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => {
      socket.close();
      reject(bindError(error, at));
    };
    socket.once("error", fail);
    socket.bind({ address: at.hostname, port: at.port, exclusive: true }, () => {
      socket.off("error", fail);
      resolve();
    });
  });
}
