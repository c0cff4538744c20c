import assert from "assert";
import fc from "fast-check";
import { readLines } from "../../../lib/kube/lines.ts";

async function* chunks(parts: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* parts;
}

async function read(...parts: readonly (string | Uint8Array)[]): Promise<readonly string[]> {
  const encoder = new TextEncoder();
  const bytes = parts.map((part) => typeof part === "string" ? encoder.encode(part) : part);
  return await Array.fromAsync(readLines(chunks(bytes)));
}

Deno.test("readLines() gives whole lines", async () => {
  const cases: readonly (readonly [readonly string[], readonly string[]])[] = [
    [[], []],
    [["a\n"], ["a"]],
    [["a\nb\nc\n"], ["a", "b", "c"]],
    [["a", "b", "\n"], ["ab"]],
    [["a\n", "\n\n", "b\n"], ["a", "b"]],
    [["a\nrest"], ["a"]],
    [["rest"], []],
  ];
  for (const [parts, lines] of cases) assert.deepEqual(await read(...parts), lines);
});

Deno.test("readLines() of no body gives nothing", async () => {
  assert.deepEqual(await Array.fromAsync(readLines(null)), []);
});

Deno.test("readLines() does not depend on where chunks are cut, inside letters too", async () => {
  const text = fc.array(
    fc.string({ unit: "grapheme", minLength: 1 })
      .map((line) => line.replaceAll("\n", "")).filter((line) => line !== ""),
  );
  await fc.assert(fc.asyncProperty(text, fc.array(fc.nat(200)), async (lines, cuts) => {
    const bytes = new TextEncoder().encode(lines.map((line) => `${line}\n`).join(""));
    const at = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).sort((a, b) => a - b)];
    const parts = at.map((from, i) => bytes.slice(from, at[i + 1] ?? bytes.length));
    assert.deepEqual(await read(...parts), lines);
  }));
});

Deno.test("readLines() lets go of the body when nobody reads on", async () => {
  let ended = false;
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode("a\nb\n")),
    cancel: () => void (ended = true),
  });
  for await (const line of readLines(body)) {
    assert.equal(line, "a");
    break;
  }
  assert.equal(ended, true);
});
