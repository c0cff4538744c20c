/** What a client sees of a Gateway's TLS. */
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
