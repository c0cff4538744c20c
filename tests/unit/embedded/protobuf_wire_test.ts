import assert from "assert";
import fc from "fast-check";
import { wireFields } from "../../../lib/embedded/protobuf_wire.ts";
import { bytesField, numberField } from "../../fakes/protobuf.ts";

Deno.test("wireFields() reads what an encoder wrote", () => {
  const field = fc.oneof(
    fc.record({
      number: fc.integer({ min: 1, max: 5_000 }),
      value: fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
    }),
    fc.record({
      number: fc.integer({ min: 1, max: 5_000 }),
      value: fc.uint8Array({ maxLength: 300 }),
    }),
  );
  fc.assert(fc.property(fc.array(field), (fields) => {
    const bytes = fields.flatMap(({ number, value }) =>
      typeof value === "bigint" ? numberField(number, value) : bytesField(number, [...value])
    );
    const read = wireFields(new Uint8Array(bytes)).map(({ number, value }) => ({
      number,
      value: typeof value === "bigint" ? value : new Uint8Array(value),
    }));
    assert.deepEqual(
      read,
      fields.map(({ number, value }) => ({
        number,
        value: typeof value === "bigint" ? value : new Uint8Array(value),
      })),
    );
  }));
});

Deno.test("wireFields() refuses cut and unknown bytes and never hangs", () => {
  assert.throws(() => wireFields(new Uint8Array([0x0a, 5, 1])), /past the end/);
  assert.throws(() => wireFields(new Uint8Array([0x08, 0x80])), /past the end/);
  assert.throws(() => wireFields(new Uint8Array([0x0b])), /wire type 3/);
  fc.assert(fc.property(fc.uint8Array(), (bytes) => {
    try {
      wireFields(bytes);
    } catch (error) {
      assert.ok(error instanceof RangeError);
    }
  }));
});
