/** Which of the command's outputs a piece belongs to. */
export type OutputName = "stdout" | "stderr";

/** A piece of a command's output. */
export interface Frame {
  readonly output: OutputName;
  readonly data: Uint8Array;
}

const HEADER_BYTES = 8;
const STDERR = 2;

/**
 * Takes the engine's multiplexed output apart: frames of an 8-byte header (output, 3 zero bytes,
 * big-endian length) and data, cut anywhere by the transport.
 *
 * A payload is handed on as it arrives; nothing is held back but an incomplete header.
 */
export class FrameReader {
  #header = new Uint8Array(0);
  #remaining = 0;
  #output: OutputName = "stdout";

  /** The frames, or parts of frames, that a chunk holds. */
  *read(chunk: Uint8Array): Generator<Frame> {
    let rest = chunk;
    while (rest.length > 0) {
      if (this.#remaining === 0) {
        rest = this.#readHeader(rest);
      } else {
        const data = rest.subarray(0, this.#remaining);
        rest = rest.subarray(data.length);
        this.#remaining -= data.length;
        yield { output: this.#output, data };
      }
    }
  }

  #readHeader(chunk: Uint8Array): Uint8Array {
    const missing = HEADER_BYTES - this.#header.length;
    const header = new Uint8Array([...this.#header, ...chunk.subarray(0, missing)]);
    if (header.length < HEADER_BYTES) {
      this.#header = header;
      return new Uint8Array(0);
    }
    this.#header = new Uint8Array(0);
    this.#output = header[0] === STDERR ? "stderr" : "stdout";
    this.#remaining = new DataView(header.buffer).getUint32(4);
    return chunk.subarray(missing);
  }
}
