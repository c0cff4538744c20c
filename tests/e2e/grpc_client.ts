/** A gRPC call with its answer, where grpcurl need not be on the machine. */
import { connect } from "node:http2";

const LIMIT_MS = 5_000;

/** What a gRPC call came to. */
export interface GrpcReply {
  /** `0` is success (gRPC status codes). */
  readonly status: string;
  /** The message as text: strings of its fields are readable in it. */
  readonly message: string;
}

/** Calls a method (`/package.Service/Method`) with an empty message over clear-text HTTP/2. */
export function callGrpc(address: string, method: string): Promise<GrpcReply> {
  return new Promise((resolve, reject) => {
    const session = connect(`http://${address}`);
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
    let [status, message] = ["", ""];
    const note = (headers: Record<string, unknown>) => {
      status = String(headers["grpc-status"] ?? status);
    };
    call.on("response", note);
    call.on("trailers", note);
    call.on("data", (bytes: Uint8Array) => message += new TextDecoder().decode(bytes));
    call.on("error", fail);
    call.setTimeout(LIMIT_MS, () => fail(new Error(`no answer in ${LIMIT_MS} ms`)));
    call.on("end", () => session.close(() => resolve({ status, message })));
    // a frame that is not compressed and has no bytes: the empty message
    call.end(new Uint8Array(5));
  });
}
