/** The part of a TCP connection that a pipe needs. */
export interface Duplex {
  /** Bytes read into the buffer; null at the end of the stream. */
  read(buffer: Uint8Array): Promise<number | null>;
  write(data: Uint8Array): Promise<number>;
  /** Ends the outgoing half. */
  closeWrite(): Promise<void>;
  close(): void;
}

// small for the many connections that idle, large for those that stream
const firstBufferSize = 16 * 1024;
const largestBufferSize = 256 * 1024;

/**
 * Copies both ways until both halves have ended, then closes both; an error in one way ends both.
 * Never rejects. A read waits for the write before it, which is the back-pressure.
 */
export async function pipeBoth(a: Duplex, b: Duplex): Promise<void> {
  const cut = () => {
    close(a);
    close(b);
  };
  await Promise.all([copy(a, b).catch(cut), copy(b, a).catch(cut)]);
  cut();
}

async function copy(from: Duplex, to: Duplex): Promise<void> {
  let buffer = new Uint8Array(firstBufferSize);
  for (;;) {
    const count = await from.read(buffer);
    if (count === null) break;
    await writeAll(to, buffer.subarray(0, count));
    if (count === buffer.length && count < largestBufferSize) buffer = new Uint8Array(4 * count);
  }
  await to.closeWrite();
}

async function writeAll(to: Duplex, data: Uint8Array): Promise<void> {
  let written = await to.write(data);
  while (written < data.length) written += await to.write(data.subarray(written));
}

/** Closes a connection that may be closed already. */
export function close(connection: { close(): void }): void {
  try {
    connection.close();
  } catch {
    // closed by the other direction
  }
}
