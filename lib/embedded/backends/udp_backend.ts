import { createSocket } from "node:dgram";
import type { Listener, ListenOptions } from "./http_backend.ts";

/**
 * Echoes every datagram with the Pod's name in front of it.
 *
 * @throws {Error} when the address cannot be had
 */
export async function listenUdp({ pod, hostname, port, log }: ListenOptions): Promise<Listener> {
  const socket = createSocket(hostname.includes(":") ? "udp6" : "udp4");
  await new Promise<void>((resolve, reject) => {
    socket.once("error", reject);
    socket.bind({ address: hostname, port }, () => {
      socket.removeListener("error", reject);
      resolve();
    });
  });
  socket.on("error", (error) => log.add(`udp error: ${error.message}`));
  socket.on("message", (message, client) => {
    log.add(`datagram of ${message.length} bytes from ${client.address}`);
    socket.send(`${pod.name}: ${message}`, client.port, client.address);
  });
  return {
    port: socket.address().port,
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}
