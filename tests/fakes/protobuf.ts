/** A number as protobuf writes it. */
function varint(value: bigint): number[] {
  const bytes: number[] = [];
  for (let rest = value;; rest >>= 7n) {
    if (rest < 128n) return [...bytes, Number(rest)];
    bytes.push(Number(rest & 127n) | 128);
  }
}

/** A number field of a protobuf message. */
export function numberField(number: number, value: bigint | number): number[] {
  return [...varint(BigInt(number) << 3n), ...varint(BigInt(value))];
}

/** A bytes field of a protobuf message. */
export function bytesField(number: number, bytes: readonly number[]): number[] {
  return [...varint((BigInt(number) << 3n) | 2n), ...varint(BigInt(bytes.length)), ...bytes];
}

/** A text field of a protobuf message. */
export function textField(number: number, text: string): number[] {
  return bytesField(number, [...new TextEncoder().encode(text)]);
}

/** The envelope in which the Kubernetes API carries protobuf. */
export function envelope(
  apiVersion: string,
  kind: string,
  raw: readonly number[],
): Uint8Array<ArrayBuffer> {
  const meta = [...textField(1, apiVersion), ...textField(2, kind)];
  return new Uint8Array([0x6b, 0x38, 0x73, 0, ...bytesField(1, meta), ...bytesField(2, raw)]);
}
