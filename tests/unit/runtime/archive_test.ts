import assert from "assert";
import { errorKind } from "../../../lib/core/mod.ts";
import { fileInArchive } from "../../../lib/runtime/archive.ts";
import { tarHeader, tarOf } from "../../fakes/tar.ts";

Deno.test("fileInArchive() gives the file's text", () => {
  for (const text of ["", "a", "ü".repeat(700), "x".repeat(512)]) {
    assert.equal(fileInArchive(tarOf("f", text), "/f"), text);
  }
});

Deno.test("fileInArchive() skips extension records", () => {
  const pax = tarOf("pax", "20 mtime=1.5\n");
  pax.set(tarHeader({ name: "pax", size: 13, flag: "x" }));
  const archive = new Uint8Array([...pax.subarray(0, 1024), ...tarOf("f", "text")]);
  assert.equal(fileInArchive(archive, "/f"), "text");
});

Deno.test("fileInArchive() rejects what is no whole file", () => {
  const whole = tarOf("f", "x".repeat(2_000));
  const rows: readonly [string, Uint8Array, string][] = [
    ["empty", new Uint8Array(0), "unavailable"],
    ["cut in the header", whole.subarray(0, 100), "unavailable"],
    ["cut in the data", whole.subarray(0, 1_024), "unavailable"],
    ["only zeros", new Uint8Array(1_024), "unavailable"],
    ["a folder", tarHeader({ name: "d", size: 0, flag: "5" }), "invalid"],
    ["a symbolic link", tarHeader({ name: "l", size: 0, flag: "2" }), "invalid"],
  ];
  for (const [name, archive, kind] of rows) {
    assert.throws(
      () => fileInArchive(archive, "/f"),
      (error) => errorKind(error) === kind && String(error).includes("/f"),
      name,
    );
  }
});
