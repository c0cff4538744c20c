import assert from "assert";
import { until } from "./bed/mod.ts";
import { logged } from "./berth.ts";
import { answered, askHttp, pause, Probe, silent } from "./net_client.ts";
import { type Scenario, scenario } from "./scenario.ts";

async function served(name: string): Promise<{ world: Scenario; address: string }> {
  const world = await scenario(name);
  try {
    await world.bed.deployBackend("web", { replicas: 4 });
    const address = await world.expose("web");
    await answered(() => askHttp(address, 80));
    return { world, address };
  } catch (error) {
    await world[Symbol.asyncDispose]();
    throw error;
  }
}

Deno.test("another node takes over when the node with the address dies", async () => {
  const { world, address } = await served("node-death");
  await using _world = world;
  const holder = await world.holder(address);
  await world.bed.killNode(holder);
  await answered(() => askHttp(address, 80));
  const next = await world.holder(address);
  assert.notEqual(next, holder);

  await world.bed.startNode(holder);
  await answered(() => askHttp(address, 80));
  await world.holder(address);
});

Deno.test("traffic goes on while the API server is away, and changes are followed afterwards", async () => {
  const { world, address } = await served("api-restart");
  await using _world = world;
  await using probe = new Probe(() => askHttp(address, 80));
  await world.bed.stopApiServer();
  await pause(3000);
  await world.bed.startApiServer();
  assert.equal((await probe.result()).failed, 0);
  const second = await world.expose("second", { app: "web" });
  await answered(() => askHttp(second, 80));
  assert.equal(await world.bed.address("web"), address);
});

Deno.test("kill -9 and a restart of berth cost no request and no address", async () => {
  const { world, address } = await served("kill");
  await using _world = world;
  const others: string[] = [];
  for (const name of ["b", "c", "d"]) others.push(await world.expose(name, { app: "web" }));
  await using probe = new Probe(() => askHttp(address, 80));
  await world.berth.kill();
  await world.bed.kubectl("delete", "service", "c", "--wait=false");
  await world.restartBerth();
  await world.bed.kubectl("wait", "--for=delete", "service/c", "--timeout=30s");
  const fresh = await world.expose("e", { app: "web" });
  await answered(() => askHttp(fresh, 80));
  assert.deepEqual(await probe.result().then(({ failed }) => failed), 0);
  assert.equal(await world.bed.address("web"), address);
  assert.equal(await world.bed.address("b"), others[0]);
  assert.equal(await world.bed.address("d"), others[2]);
  const gone = others[1] ?? "";
  if (fresh !== gone) assert.deepEqual(await world.holders(gone), []);
});

Deno.test("a second berth waits, and follows when the first one is killed", async () => {
  const { world, address } = await served("second");
  await using _world = world;
  const log = await Deno.makeTempFile({ prefix: "second-", suffix: ".log" });
  await using second = await world.anotherBerth(log);
  await logged(second, "another berth serves the cluster");
  assert.doesNotMatch(await world.berth.output(), /rules changed|node damaged/);
  await using probe = new Probe(() => askHttp(address, 80));
  await world.berth.kill();
  const fresh = await world.expose("fresh", { app: "web" });
  await answered(() => askHttp(fresh, 80));
  assert.equal((await probe.result()).failed, 0);
  assert.equal(await world.bed.address("web"), address);
  world.berth = second;
});

Deno.test("rules that somebody deletes come back", async () => {
  const { world, address } = await served("flush");
  await using _world = world;
  const drop = "nft list tables | grep berth | while read -r _ family name; do " +
    'nft delete table "$family" "$name" && echo deleted "$name"; done';
  for (const node of await world.bed.nodes()) {
    const { stdout } = await world.bed.onNode(node.name, drop);
    assert.match(stdout, /deleted/, `there was nothing to delete on ${node.name}`);
  }
  await answered(() => askHttp(address, 80));
  const holder = await world.holder(address);
  const restored = async () =>
    (await world.bed.onNode(holder, "nft list tables")).stdout.includes("berth");
  await until(restored, 20_000, `${holder} has no table of berth`);
});

Deno.test("an address that somebody removes comes back", async () => {
  const { world, address } = await served("vip-removed");
  await using _world = world;
  const holder = await world.holder(address);
  await world.bed.onNode(holder, `ip addr del ${address}/32 dev eth0`);
  await world.holder(address);
  await answered(() => askHttp(address, 80));
});

Deno.test("SIGTERM takes addresses and rules away, and a restart brings the same ones back", async () => {
  const { world, address } = await served("sigterm");
  await using _world = world;
  assert.equal(await world.berth.stop(), 0);
  await silent(() => askHttp(address, 80));
  assert.deepEqual(await world.holders(address), []);
  for (const node of await world.bed.nodes()) {
    const { stdout } = await world.bed.onNode(node.name, "nft list tables");
    assert.doesNotMatch(stdout, /berth/);
  }
  await world.restartBerth();
  await answered(() => askHttp(address, 80));
  assert.equal(await world.bed.address("web"), address);
});

Deno.test("with --keep, addresses go on serving after SIGTERM", async () => {
  await using world = await scenario("keep", { berth: { args: ["--keep"] } });
  await world.bed.deployBackend("web");
  const address = await world.expose("web");
  await answered(() => askHttp(address, 80));
  await using probe = new Probe(() => askHttp(address, 80));
  assert.equal(await world.berth.stop(), 0);
  await pause(500);
  assert.equal((await probe.result()).failed, 0);
});
