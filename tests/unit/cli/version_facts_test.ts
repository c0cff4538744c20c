import assert from "assert";
import config from "../../../deno.json" with { type: "json" };
import { versionFacts } from "../../../lib/cli/version_facts.ts";

Deno.test("versionFacts() takes the version from deno.json", () => {
  const { berth, deno, platform } = versionFacts();
  assert.equal(berth, config.version);
  assert.equal(deno, Deno.version.deno);
  assert.equal(platform, `${Deno.build.os}/${Deno.build.arch}`);
});
