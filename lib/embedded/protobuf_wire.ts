/** One field of a protobuf message as it is on the wire: a number or bytes. */
export interface WireField {
  readonly number: number;
  readonly value: bigint | Uint8Array;
}

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) break;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
    throw new RangeError("protobuf: number runs past the end of the message");
  }

  take(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.length) {
      throw new RangeError("protobuf: field runs past the end of the message");
    }
    const part = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return part;
  }
}

/**
 * Splits a message into its fields in wire order.
 *
 * @throws {RangeError} for bytes that are no message
 */
export function wireFields(bytes: Uint8Array): readonly WireField[] {
  const reader = new Reader(bytes);
  const fields: WireField[] = [];
  while (!reader.done) {
    const tag = reader.varint();
    const number = Number(tag >> 3n);
    const type = Number(tag & 7n);
    if (type === VARINT) fields.push({ number, value: reader.varint() });
    else if (type === BYTES) fields.push({ number, value: reader.take(Number(reader.varint())) });
    else if (type === FIXED64) reader.take(8);
    else if (type === FIXED32) reader.take(4);
    else throw new RangeError(`protobuf: wire type ${type} is not known`);
  }
  return fields;
}
