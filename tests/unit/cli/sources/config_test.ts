import assert from "assert";
import { configSource } from "../../../../lib/cli/sources/config.ts";
import { kindMachine, sourceOptions } from "../../../fakes/cli_machine.ts";

const options = { signal: new AbortController().signal };

Deno.test("configSource() finds no proxy where there is none", async () => {
  await using bed = await kindMachine();
  await using ports = await configSource(sourceOptions(bed, { command: "config" }));
  assert.deepEqual(await ports.proxies(options), []);
  await assert.rejects(ports.config("web", options), { kind: "not-found" });
});
