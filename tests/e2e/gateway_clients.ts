/** Clients of Gateways beside plain HTTP: a gRPC call, a certificate seen, a line over TCP. */
import { connect as connectHttp2 } from "node:http2";
import { connect as connectTls } from "node:tls";

const LIMIT_MS = 5000;

/** Calls a gRPC method with an empty message over clear-text HTTP/2; returns its status. */
export function callGrpc(address: string, method: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const session = connectHttp2(`http://${address}`);
    const fail = (error: unknown) => {
      session.destroy();
      reject(error);
    };
    session.on("error", fail);
    const call = session.request({
      ":method": "POST",
      ":path": method,
      "content-type": "application/grpc",
      te: "trailers",
    });
    let status = "";
    const note = (headers: Record<string, unknown>) =>
      status = String(headers["grpc-status"] ?? "");
    call.on("response", note);
    call.on("trailers", note);
    call.on("error", fail);
    call.setTimeout(LIMIT_MS, () => fail(new Error(`no answer in ${LIMIT_MS} ms`)));
    call.resume();
    call.on("end", () => {
      session.close();
      resolve(status);
    });
    // a frame without a message: not compressed, no bytes
    call.end(new Uint8Array(5));
  });
}

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
