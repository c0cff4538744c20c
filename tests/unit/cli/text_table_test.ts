import assert from "assert";
import fc from "fast-check";
import { LINE_WIDTH, textTable, wrap } from "../../../lib/cli/text_table.ts";

Deno.test("textTable() pads cells and leaves no blanks at the end", () => {
  assert.deepEqual(textTable([{ title: "A" }, { title: "LONG" }], [["aaa", "b"], ["a"]]), [
    "A    LONG",
    "aaa  b",
    "a",
  ]);
});

Deno.test("textTable() cuts the widest column that may be cut", () => {
  const [, row = ""] = textTable(
    [{ title: "A", least: 10 }, { title: "B" }],
    [["x".repeat(60), "y".repeat(40)]],
  );
  assert.equal(row, `${"x".repeat(37)}…  ${"y".repeat(40)}`);
});

Deno.test("textTable() takes the width of a wider terminal, and 80 columns in a narrower one", () => {
  const cell = "x".repeat(90);
  const width = (terminal: number) =>
    textTable([{ title: "A", least: 10 }, { title: "B" }], [[cell, "y"]], terminal)[1]?.length;
  assert.deepEqual([width(200), width(85), width(40)], [93, 85, 80]);
});

Deno.test("textTable() never cuts a column below its least width", () => {
  const [, row = ""] = textTable(
    [{ title: "A", least: 10 }, { title: "B" }],
    [["x".repeat(60), "y".repeat(100)]],
  );
  assert.equal(row, `${"x".repeat(9)}…  ${"y".repeat(100)}`);
});

Deno.test("textTable() keeps to 80 columns whenever the least widths allow it", () => {
  const cell = fc.string({ maxLength: 60 }).map((text) => text.replace(/\s/g, "_"));
  fc.assert(fc.property(fc.array(fc.array(cell, { minLength: 3, maxLength: 3 })), (rows) => {
    const columns = ["A", "B", "C"].map((title) => ({ title, least: 8 }));
    return textTable(columns, rows).every((line) => line.length <= LINE_WIDTH);
  }));
});

Deno.test("wrap() loses no word and keeps to 80 columns", () => {
  const word = fc.string({ minLength: 1, maxLength: 70 }).map((text) => text.replace(/\s/g, "_"));
  fc.assert(fc.property(fc.array(word), fc.nat(9), (words, spaces) => {
    const indent = " ".repeat(spaces);
    const lines = wrap(words.join(" "), indent);
    assert.deepEqual(lines.flatMap((line) => line.trim().split(" ")), words);
    return lines.every((line) => line.startsWith(indent) && line.length <= LINE_WIDTH);
  }));
});

Deno.test("wrap() puts an overlong word on a line of its own", () => {
  assert.deepEqual(wrap(`a ${"b".repeat(100)} c`, "  "), ["  a", `  ${"b".repeat(100)}`, "  c"]);
});
