import assert from "assert";
import fc from "fast-check";
import { FrameReader, type OutputName } from "../../../lib/runtime/frames.ts";

Deno.test("FrameReader.read() keeps outputs apart, wherever the transport cuts", () => {
  const frames = fc.array(fc.record({
    output: fc.constantFrom<OutputName>("stdout", "stderr"),
    data: fc.uint8Array({ minLength: 1, maxLength: 40 }),
  }));
  fc.assert(fc.property(frames, fc.integer({ min: 1, max: 30 }), (sent, step) => {
    const reader = new FrameReader();
    const received = pieces(encode(sent), step).flatMap((chunk) => [...reader.read(chunk)]);
    for (const output of ["stdout", "stderr"] as const) {
      assert.deepEqual(bytesOf(received, output), bytesOf(sent, output));
    }
  }));
});

Deno.test("FrameReader.read() hands on a long payload before it is complete", () => {
  const reader = new FrameReader();
  const frame = encode([{ output: "stdout", data: new Uint8Array(100).fill(7) }]);
  const [first] = [...reader.read(frame.subarray(0, 20))];
  assert.equal(first?.data.length, 12);
});

Deno.test("FrameReader.read() passes over empty frames", () => {
  const reader = new FrameReader();
  const empty = encode([{ output: "stderr", data: new Uint8Array(0) }]);
  const full = encode([{ output: "stdout", data: new Uint8Array([1]) }]);
  const received = [...reader.read(new Uint8Array([...empty, ...full]))];
  assert.deepEqual(received.map(({ output }) => output), ["stdout"]);
});

interface Sent {
  readonly output: OutputName;
  readonly data: Uint8Array;
}

function encode(frames: readonly Sent[]): Uint8Array {
  return new Uint8Array(frames.flatMap(({ output, data }) => [
    output === "stdout" ? 1 : 2,
    0,
    0,
    0,
    0,
    0,
    data.length >> 8,
    data.length & 255,
    ...data,
  ]));
}

function pieces(bytes: Uint8Array, step: number): readonly Uint8Array[] {
  const count = Math.ceil(bytes.length / step);
  return Array.from({ length: count }, (_, at) => bytes.subarray(at * step, (at + 1) * step));
}

function bytesOf(frames: readonly Sent[], output: OutputName): readonly number[] {
  return frames.filter((one) => one.output === output).flatMap(({ data }) => [...data]);
}
