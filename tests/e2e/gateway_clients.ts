/** Clients of Gateways beside HTTP: a certificate seen, a line over TCP. */
import { connect as connectTls } from "node:tls";

const LIMIT_MS = 5000;

/** Serial number of the certificate that a server shows for a name. */
export function serialOf(address: string, name: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { host: address, port: 443, servername: name, rejectUnauthorized: false };
    const socket = connectTls(options, () => {
      resolve(socket.getPeerCertificate().serialNumber);
      socket.destroy();
    });
    socket.setTimeout(LIMIT_MS, () => socket.destroy(new Error(`no answer in ${LIMIT_MS} ms`)));
    socket.on("error", reject);
  });
}

/** Sends a line; returns the first text that holds an opening brace: the echo server's answer. */
export async function askTcp(address: string, port: number): Promise<string> {
  using connection = await Deno.connect({ hostname: address, port });
  const late = setTimeout(() => connection.close(), LIMIT_MS);
  try {
    await connection.write(new TextEncoder().encode("TEST\n"));
    let text = "";
    for await (const chunk of connection.readable) {
      text += new TextDecoder().decode(chunk);
      if (text.includes("}")) return text;
    }
    return text;
  } finally {
    clearTimeout(late);
  }
}
