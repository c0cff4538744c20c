import dgram from "node:dgram";
import type { Flow, Target } from "../contract/plane.ts";

/** How long a client waits for an answer that may never come. */
const patienceMs = 500;

/** Opens a flow from this machine. */
export function openFlow(to: Target): Promise<Flow> {
  return to.protocol === "UDP" ? Promise.resolve(openUdp(to)) : openTcp(to);
}

async function openTcp({ address, port }: Target): Promise<Flow> {
  const connection = await Deno.connect({ hostname: address, port }).catch(() => undefined);
  const buffer = new Uint8Array(1_024);
  return {
    async ask() {
      try {
        await connection?.write(new TextEncoder().encode("who?\n"));
        const count = await connection?.read(buffer);
        return count ? new TextDecoder().decode(buffer.subarray(0, count)).trim() : undefined;
      } catch {
        return undefined;
      }
    },
    [Symbol.asyncDispose]() {
      connection?.close();
      return Promise.resolve();
    },
  };
}

function openUdp({ address, port }: Target): Flow {
  const socket = dgram.createSocket(address.includes(":") ? "udp6" : "udp4");
  // not the wildcard address, which tests with few permissions may not bind
  if (address.startsWith("127.")) socket.bind(0, "127.0.0.1");
  return {
    ask() {
      return new Promise((resolve) => {
        const timer = setTimeout(() => resolve(undefined), patienceMs);
        socket.once("message", (data) => {
          clearTimeout(timer);
          resolve(new TextDecoder().decode(data));
        });
        socket.send("who?", port, address);
      });
    },
    [Symbol.asyncDispose]() {
      return new Promise((resolve) => socket.close(() => resolve()));
    },
  };
}
