import assert from "assert";
import {
  choice,
  count,
  duration,
  names,
  onOff,
  sentenceList,
  text,
  texts,
} from "../../../lib/cli/option_kinds.ts";

const meaning = { flags: ["--x"], env: [], doc: "", commands: [], metavar: "X" } as const;

const kinds = {
  choice: choice(["a", "b"], { ...meaning, default: "a" }),
  text: text({ ...meaning, default: "" }),
  count: count({ min: 1, max: 64 }, { ...meaning, default: 1 }),
  duration: duration({ ...meaning, default: "15s" }),
  onOff: onOff({ ...meaning, default: false }),
  names: names(meaning),
};

const cases: readonly {
  readonly kind: keyof typeof kinds;
  readonly texts: readonly string[];
  readonly value?: unknown;
}[] = [
  { kind: "choice", texts: ["b"], value: "b" },
  { kind: "choice", texts: ["B"] },
  { kind: "choice", texts: [""] },
  { kind: "text", texts: [" x "], value: " x " },
  { kind: "text", texts: ["  "] },
  { kind: "count", texts: ["1"], value: 1 },
  { kind: "count", texts: ["64"], value: 64 },
  { kind: "count", texts: ["0"] },
  { kind: "count", texts: ["65"] },
  { kind: "count", texts: ["1e1"] },
  { kind: "count", texts: ["-1"] },
  { kind: "count", texts: [" 1"] },
  { kind: "count", texts: ["99999999999999999999"] },
  { kind: "duration", texts: ["1m30s"], value: "1m30s" },
  { kind: "duration", texts: ["0s"] },
  { kind: "duration", texts: ["15"] },
  { kind: "onOff", texts: ["T"], value: true },
  { kind: "onOff", texts: ["0"], value: false },
  { kind: "onOff", texts: ["yes"] },
  { kind: "names", texts: ["a", "b,c"], value: ["a", "b", "c"] },
  { kind: "names", texts: ["a,"] },
  { kind: "names", texts: ["A"] },
  { kind: "names", texts: ["-a"] },
];

for (const { kind, texts, value } of cases) {
  const verb = value === undefined ? "refuses" : "takes";
  Deno.test(`${kind}() ${verb} ${JSON.stringify(texts)}`, () => {
    const decoded = kinds[kind].decode(texts);
    assert.deepEqual(decoded.ok ? decoded.value : undefined, value);
    assert.ok(decoded.ok || decoded.expects !== "");
  });
}

Deno.test("sentenceList() joins with commas and a final or", () => {
  assert.equal(sentenceList([]), "");
  assert.equal(sentenceList(["a"]), "a");
  assert.equal(sentenceList(["a", "b"]), "a or b");
  assert.equal(sentenceList(["a", "b", "c"]), "a, b or c");
});

Deno.test("texts() keeps each text as it is and refuses empty ones", () => {
  const files = texts({ flags: ["--file"], env: [], metavar: "FILE", doc: "d", commands: ["run"] });
  assert.deepEqual(files.decode(["a,b", "c"]), { ok: true, value: ["a,b", "c"] });
  assert.deepEqual(files.decode(["a", " "]), { ok: false, expects: "give a file" });
  assert.deepEqual(files.default, []);
});
