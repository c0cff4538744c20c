import assert from "assert";
import { releasePlan } from "../../../scripts/release.ts";

const task = "deno compile --allow-env --include workers/w.ts --output dist/berth main.ts";

Deno.test("releasePlan() keeps the task's flags and changes target and output", () => {
  const { compile, pack } = releasePlan(task, "aarch64-apple-darwin");
  assert.equal(
    ["deno", ...compile].join(" "),
    "deno compile --target aarch64-apple-darwin --allow-env --include workers/w.ts " +
      "--output dist/aarch64-apple-darwin/berth main.ts",
  );
  assert.equal(pack[0], "tar");
  assert.ok(pack.includes("../berth-aarch64-apple-darwin.tar.gz"));
});

Deno.test("releasePlan() packs a zip for Windows", () => {
  const { pack } = releasePlan(task, "x86_64-pc-windows-msvc");
  assert.deepEqual(pack.slice(0, 4), [
    "zip",
    "-q",
    "../berth-x86_64-pc-windows-msvc.zip",
    "berth.exe",
  ]);
});

for (const other of ["deno run main.ts", "deno compile main.ts", ""]) {
  Deno.test(`releasePlan() refuses the task "${other}"`, () => {
    assert.throws(() => releasePlan(other, "x86_64-unknown-linux-gnu"), /compile task/);
  });
}
