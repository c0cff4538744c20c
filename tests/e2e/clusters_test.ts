import assert from "assert";
import { clusterDown, clusterUp, docker, run, runAnyway, until } from "./bed/mod.ts";
import { logged, startBerth } from "./berth.ts";
import { answered, askHttp, Probe, silent } from "./net_client.ts";
import { clusterName, Scenario, scenario } from "./scenario.ts";

Deno.test("a requested address on a custom network is given and serves", async () => {
  const network = clusterName("net");
  const subnet = "172.29.0.0/16";
  const remove = () => runAnyway(["docker", "network", "rm", network]);
  await clusterDown(clusterName("custom"));
  await remove();
  await docker("network", "create", "--subnet", subnet, "--label", "berth.dev/bed=e2e", network);
  try {
    await using world = await scenario("custom", { network });
    await world.bed.deployBackend("web");
    const wanted = "172.29.255.100";
    const address = await world.expose("web", { spec: { loadBalancerIP: wanted } });
    assert.equal(address, wanted);
    await answered(() => askHttp(wanted, 80));
  } finally {
    await remove();
  }
});

Deno.test("two clusters are served at once, and the end of one does not touch the other", async () => {
  await using first = await scenario("two-a");
  const name = clusterName("two-b");
  await clusterDown(name);
  // The same berth has to serve both: it is started anew with both names.
  await first.berth.stop();
  await using second = await clusterUp({ name, workers: 1 });
  const log = first.berth.log;
  const settings = { clusters: [first.bed.name, name], log };
  const berth = await startBerth(settings);
  await using one = new Scenario(first.bed, berth, settings);
  const two = new Scenario(second, berth, settings);
  await Promise.all([one.bed.deployBackend("web"), two.bed.deployBackend("web")]);
  const [a, b] = await Promise.all([one.expose("web"), two.expose("web")]);
  assert.notEqual(a, b);
  await answered(() => askHttp(a, 80));
  await answered(() => askHttp(b, 80));
  await using probe = new Probe(() => askHttp(a, 80));
  await second.down();
  await silent(() => askHttp(b, 80));
  assert.equal((await probe.result()).failed, 0);
});

Deno.test("a cluster that is made again under the same name is served again", async () => {
  await using world = await scenario("again", { workers: 1 });
  await world.bed.deployBackend("web");
  const before = await world.expose("web");
  await answered(() => askHttp(before, 80));
  await world.bed.down();
  await using bed = await clusterUp({ name: world.bed.name, workers: 1 });
  await using next = new Scenario(bed, world.berth, { clusters: [bed.name], log: world.berth.log });
  await bed.deployBackend("web");
  const after = await next.expose("web");
  await answered(() => askHttp(after, 80));
});

Deno.test("of two that wait for a cluster to be made again, one serves it", async () => {
  await using world = await scenario("two-wait", { workers: 1 });
  await using second = await world.anotherBerth(await Deno.makeTempFile({ suffix: ".log" }));
  await logged(second, "another berth serves the cluster");
  await logged(world.berth, "cluster is served");
  await world.bed.down();
  await using bed = await clusterUp({ name: world.bed.name, workers: 1 });
  await using next = new Scenario(bed, world.berth, { clusters: [bed.name], log: world.berth.log });
  await bed.deployBackend("web");
  const address = await next.expose("web");
  await answered(() => askHttp(address, 80));
  const logs = await world.berth.output() + await second.output();
  assert.equal(logs.split("cluster is served").length - 1, 2);
  assert.doesNotMatch(logs, /by another process/);
});

Deno.test("a cluster with three control planes behind a load balancer is served", async () => {
  await using world = await scenario("ha", { controlPlanes: 3, workers: 1 });
  await world.bed.deployBackend("web", { replicas: 1 });
  const address = await world.expose("web");
  await answered(() => askHttp(address, 80));
});

Deno.test("a dual-stack Service has an address of each family, and both answer", async () => {
  await using world = await scenario("dual", { family: "dual" });
  await world.bed.deployBackend("web");
  await world.expose("web", { spec: { ipFamilyPolicy: "RequireDualStack" } });
  const query = "jsonpath={.status.loadBalancer.ingress[*].ip}";
  const addresses = (await world.bed.kubectl("get", "service", "web", "-o", query)).split(" ");
  assert.equal(addresses.length, 2);
  for (const address of addresses) await answered(() => askHttp(address, 80));
});

Deno.test("kube-proxy in nftables mode gets along with berth", async () => {
  await using world = await scenario("nft", { proxyMode: "nftables" });
  await world.bed.deployBackend("web");
  const address = await world.expose("web");
  await answered(() => askHttp(address, 80));
  const script = `curl -s --max-time 2 http://${address}/`;
  const worker = `${world.bed.name}-worker`;
  const inside = async () => (await world.bed.onNode(worker, script)).code === 0;
  await until(inside, 20_000, `${worker} does not reach ${address}`);
});

// It starts an engine of its own, which only the bed can use.
const ignore = Deno.env.get("BERTH_E2E") === "kind";

Deno.test("addresses survive a restart of the engine", { ignore }, async () => {
  const program = new URL("./engine_restart.ts", import.meta.url).pathname;
  const out = await run(["unshare", "--net", "--", Deno.execPath(), "run", "-A", program]);
  assert.match(out, /answers again/);
});
