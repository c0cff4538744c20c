import assert from "assert";
import { poolsExplain } from "../../../../lib/cli/commands/pools_explain.ts";
import type { Settings } from "../../../../lib/cli/options.ts";
import { wishService } from "../../../fakes/address_bed.ts";
import { fakeContext } from "../../../fakes/cli.ts";

const objects = {
  data: { "cidr-global": "10.0.0.1-10.0.0.1, oops" },
  services: [wishService("default/a"), wishService("default/b")],
  namespaceLabels: new Map(),
  reserved: new Map(),
  problems: [],
};

async function explain(settings: Partial<Settings>, changed: Partial<typeof objects> = {}) {
  const context = fakeContext("pools explain", settings);
  const ports = { objects: () => Promise.resolve({ ...objects, ...changed }) };
  const code = await poolsExplain(context, ports);
  return { code, ...context.streams };
}

Deno.test("poolsExplain() explains every Service, and fails when one gets nothing", async () => {
  const { code, stdout, stderr } = await explain({});
  assert.equal(code, 1);
  assert.match(stdout, /^default\/a: 10\.0\.0\.1\n {2}lowest free address of cidr-global/);
  assert.match(stdout, /default\/b: no address\n {2}no addresses available in \[default\]/);
  assert.match(stderr, /^error: cidr-global: entry "oops" is not used: /);
});

Deno.test("poolsExplain() fails when an entry cannot be read, as pools does, not when it warns", async () => {
  const served = { services: [wishService("default/a")] };
  assert.equal((await explain({}, served)).code, 1);
  assert.equal((await explain({}, { ...served, data: { "cidr-global": "10.0.0.0/24" } })).code, 0);
  const warned = await explain({}, { ...served, data: { "cidr-global": "10.0.0.1/24" } });
  assert.match(warned.stderr, /^warning: .*host bits/);
  assert.equal(warned.code, 0);
});

Deno.test("poolsExplain() writes JSON in its fixed form", async () => {
  const { stdout } = await explain({ output: "json" });
  const rows = JSON.parse(stdout);
  assert.deepEqual(rows[0], {
    service: "default/a",
    addresses: ["10.0.0.1"],
    pool: "cidr-global",
    reason: "lowest free address of cidr-global (every namespace)",
  });
  assert.deepEqual([rows[1].addresses, rows[1].pool], [[], null]);
});

Deno.test("poolsExplain() shows one Service, which counts alone for the exit code", async () => {
  const { code, stdout } = await explain({ service: "default/a" });
  assert.equal(code, 0);
  assert.doesNotMatch(stdout, /default\/b/);
  assert.equal((await explain({ service: "b" })).code, 1);
});

Deno.test("poolsExplain() says when the Service is not there", async () => {
  await assert.rejects(explain({ service: "x/y" }), /no Service x\/y .*: write --service/);
});
