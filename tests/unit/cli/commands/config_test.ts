import assert from "assert";
import { config } from "../../../../lib/cli/commands/config.ts";
import { fakeContext } from "../../../fakes/cli.ts";

const row = {
  cluster: "c",
  name: "berth-c-web",
  key: "c/ns/web",
  addresses: ["10.0.0.1", "fd::1"],
  published: [],
};
const summary = { listeners: [], backends: [], refused: [] };
const ports = {
  proxies: () => Promise.resolve([row]),
  config: (name: string) => Promise.resolve({ proxy: row, dump: { name }, summary: () => summary }),
};

Deno.test("config() prints a summary of the named proxy, or all that Envoy tells as JSON", async () => {
  const text = fakeContext("config", { proxy: "ns/web" });
  assert.equal(await config(text, ports), 0);
  assert.match(
    text.streams.stdout,
    /^PROXY berth-c-web\n {2}serves Service ns\/web of cluster c\n/,
  );
  assert.match(text.streams.stdout, /berth config ns\/web --output json\n$/);
  const json = fakeContext("config", { proxy: "ns/web", output: "json" });
  assert.equal(await config(json, ports), 0);
  assert.deepEqual(JSON.parse(json.streams.stdout), { name: "ns/web" });
});

Deno.test("config() without a name lists the proxies as JSON, too", async () => {
  const context = fakeContext("config", { output: "json" });
  assert.equal(await config(context, ports), 0);
  assert.deepEqual(JSON.parse(context.streams.stdout), { proxies: [row] });
});

Deno.test("config() without a name lists the proxies, or says that there is none", async () => {
  const context = fakeContext("config");
  assert.equal(await config(context, ports), 0);
  assert.equal(context.streams.stdout, "berth-c-web  c/ns/web  10.0.0.1,fd::1\n");
  const shown = fakeContext("config");
  const published = ["8080->80/tcp"];
  await config(shown, { ...ports, proxies: () => Promise.resolve([{ ...row, published }]) });
  assert.match(shown.streams.stdout, / on the host: 8080->80\/tcp\n$/);
  const empty = fakeContext("config");
  await config(empty, { ...ports, proxies: () => Promise.resolve([]) });
  assert.deepEqual([empty.streams.stdout, empty.streams.stderr], ["", "no proxy runs\n"]);
});
