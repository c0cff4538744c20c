import assert from "assert";
import { longFlag, OPTION_ROWS } from "../../../lib/cli/options.ts";

Deno.test("longFlag() is the full spelling", () => {
  const flags = Object.fromEntries(OPTION_ROWS.map(([name, spec]) => [name, longFlag(spec)]));
  assert.equal(flags["verbosity"], "--verbosity");
  assert.equal(flags["plane"], "--plane");
});

Deno.test("OPTION_ROWS name every flag and variable once", () => {
  for (const pick of ["flags", "env"] as const) {
    const all: readonly string[] = OPTION_ROWS.flatMap(([, spec]) => [...spec[pick]]);
    assert.deepEqual([...new Set(all)], all);
  }
});

for (const [name, spec] of OPTION_ROWS) {
  Deno.test(`OPTION_ROWS: ${name} is usable and explained`, () => {
    // one is spelled as the program spells it that berth replaces
    assert.match(longFlag(spec), /^--([a-z]+(-[a-z]+)*|OutSideCluster)$/);
    assert.ok(spec.commands.length > 0);
    assert.match(spec.doc, /^\S.*[^.]$/);
    // a default that can be written as text must be one that the option accepts
    if (typeof spec.default === "string" || typeof spec.default === "number") {
      assert.deepEqual(spec.decode([`${spec.default}`]), { ok: true, value: spec.default });
    }
  });
}
