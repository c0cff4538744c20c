import assert from "assert";
import { version } from "../../../../lib/cli/commands/version.ts";
import { fakeContext } from "../../../fakes/cli.ts";

const facts = { berth: "1.2.3", deno: "2.9.6", platform: "linux/x86_64" };

Deno.test("version() writes name and number, or every fact as JSON", () => {
  const text = fakeContext("version");
  const json = fakeContext("version", { output: "json" });
  assert.equal(version(text, facts), 0);
  assert.equal(version(json, facts), 0);
  assert.equal(text.streams.stdout, "berth 1.2.3\n");
  assert.deepEqual(JSON.parse(json.streams.stdout), facts);
});
