import { createSocket } from "node:dgram";

/** Sends a datagram and gives the first answer as text. */
export async function askUdp(address: string, port: number, text: string): Promise<string> {
  const socket = createSocket(address.includes(":") ? "udp6" : "udp4");
  const answer = new Promise<string>((resolve, reject) => {
    socket.once("message", (message) => resolve(String(message)));
    socket.once("error", reject);
  });
  socket.send(text, port, address);
  try {
    return await answer;
  } finally {
    await new Promise<void>((resolve) => socket.close(() => resolve()));
  }
}
