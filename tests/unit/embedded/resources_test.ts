import assert from "assert";
import { RESOURCES } from "../../../lib/embedded/resources.ts";

Deno.test("no two resources share a group and plural, or a group and short name", () => {
  const names = RESOURCES.flatMap((row) =>
    [row.plural, ...(row.shortNames ?? [])].map((name) => `${row.group}/${name}`)
  );
  assert.equal(new Set(names).size, names.length);
});

Deno.test("every second view names a resource that is stored", () => {
  for (const { storedAs } of RESOURCES) {
    if (!storedAs) continue;
    const home = RESOURCES.find((row) =>
      row.group === storedAs.group && row.plural === storedAs.plural
    );
    assert.equal(home?.storedAs, undefined);
    assert.ok(home);
  }
});
