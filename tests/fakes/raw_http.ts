/** An HTTP/1.1 request read off a connection. */
export interface RawRequest {
  readonly method: string;
  readonly url: URL;
  readonly body: string;
}

/** An answer to be written. */
export interface RawAnswer {
  readonly status: number;
  readonly type?: string;
  readonly body: string | Uint8Array;
}

const HEAD_END = "\r\n\r\n";

/** Reads one request with its `content-length` body; undefined when the peer hangs up first. */
export async function readRequest(conn: Deno.Conn): Promise<RawRequest | undefined> {
  let text = "";
  while (!text.includes(HEAD_END) || text.length < wholeLength(text)) {
    const chunk = new Uint8Array(65_536);
    const count = await conn.read(chunk);
    if (count === null) return undefined;
    text += new TextDecoder("latin1").decode(chunk.subarray(0, count));
  }
  const [method = "", target = "/"] = text.split(" ", 2);
  const body = text.slice(text.indexOf(HEAD_END) + HEAD_END.length);
  return { method, url: new URL(target, "http://engine"), body };
}

/** Writes an answer and tells that the connection ends with it. */
export async function writeAnswer(conn: Deno.Conn, answer: RawAnswer): Promise<void> {
  const bytes = toBytes(answer.body);
  await writeAll(
    conn,
    `HTTP/1.1 ${answer.status} Any\r\nContent-Type: ${answer.type ?? "application/json"}\r\n` +
      `Content-Length: ${bytes.length}\r\nConnection: close\r\n\r\n`,
  );
  await writeAll(conn, bytes);
}

/** Writes text or bytes whole. */
export async function writeAll(conn: Deno.Conn, data: string | Uint8Array): Promise<void> {
  let rest = toBytes(data);
  while (rest.length > 0) rest = rest.subarray(await conn.write(rest));
}

/** One piece of a chunked body. */
export function httpChunk(text: string): string {
  return `${toBytes(text).length.toString(16)}\r\n${text}\r\n`;
}

function wholeLength(text: string): number {
  const length = /\r\ncontent-length: *(\d+)/i.exec(text)?.[1] ?? "0";
  return text.indexOf(HEAD_END) + HEAD_END.length + Number(length);
}

function toBytes(data: string | Uint8Array): Uint8Array {
  return typeof data === "string" ? new TextEncoder().encode(data) : data;
}
