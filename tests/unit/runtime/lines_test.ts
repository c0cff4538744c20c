import assert from "assert";
import fc from "fast-check";
import { LineSplitter } from "../../../lib/runtime/lines.ts";

Deno.test("LineSplitter.push() gives the same lines, wherever the text is cut", () => {
  const line = fc.string({ unit: "grapheme" }).filter((text) => !/[\r\n\ufeff]/.test(text));
  fc.assert(fc.property(fc.array(line), fc.integer({ min: 1, max: 7 }), (lines, step) => {
    const bytes = new TextEncoder().encode(lines.map((one) => `${one}\n`).join(""));
    const splitter = new LineSplitter();
    const found: string[] = [];
    for (let at = 0; at < bytes.length; at += step) {
      found.push(...splitter.push(bytes.subarray(at, at + step)));
    }
    assert.deepEqual([...found, ...splitter.end()], lines);
  }));
});

Deno.test("LineSplitter.push() takes a carriage return for part of the line end", () => {
  const splitter = new LineSplitter();
  assert.deepEqual(splitter.push(new TextEncoder().encode("a\r\nb\r")), ["a"]);
  assert.deepEqual(splitter.end(), ["b"]);
});

Deno.test("LineSplitter.end() gives an unfinished last line once", () => {
  const splitter = new LineSplitter();
  assert.deepEqual(splitter.push(new TextEncoder().encode("a\nb")), ["a"]);
  assert.deepEqual(splitter.end(), ["b"]);
  assert.deepEqual(splitter.end(), []);
});
