import assert from "assert";
import { type Bed, clusterDown, clusterUp, runAnyway, until } from "./bed/mod.ts";
import { InCluster } from "./in_cluster.ts";
import { confOf, pidOf, startAgent } from "./keepalived_agent.ts";
import { logged } from "./berth.ts";
import { clusterName } from "./scenario.ts";
import { type Host, VrrpLab } from "./vrrp_lab.ts";

const VIPS = "/api/v1/namespaces/kube-system/configmaps/vip-configmap";
const SERVICES = "/api/v1/namespaces/default/services";
const ENV = {
  KEEPALIVED_NAMESPACE: "kube-system",
  KEEPALIVED_CONFIG_MAP: "vip-configmap",
  KEEPALIVED_SERVICE_CIDR: "10.99.0.96/27",
};

interface ConfigMap {
  readonly data?: Readonly<Record<string, string>>;
}

async function entries(bed: Bed): Promise<Readonly<Record<string, string>>> {
  return (await bed.api.get<ConfigMap>(VIPS)).data ?? {};
}

/** Waits until the ConfigMap holds these entries and no others. */
async function entriesAre(bed: Bed, wanted: Readonly<Record<string, string>>): Promise<void> {
  const sorted = (data: object) => JSON.stringify(Object.entries(data).toSorted());
  const holds = async () => sorted(await entries(bed)) === sorted(wanted);
  await until(holds, 30_000, `the entries are not ${JSON.stringify(wanted)}`);
}

async function createService(bed: Bed, name: string, spec: object = {}): Promise<void> {
  await bed.api.create(SERVICES, {
    metadata: { name },
    spec: { type: "LoadBalancer", ports: [{ port: 80 }], ...spec },
  });
}

async function addressOf(bed: Bed, name: string): Promise<string> {
  await until(async () => await bed.address(name) !== undefined, 30_000, `${name} has no address`);
  return await bed.address(name) ?? "";
}

/** The message of a Service's event with a reason, once it is there. */
async function eventOf(bed: Bed, name: string, reason: string): Promise<string> {
  let found = "";
  await until(
    async () => {
      const fields = `involvedObject.name=${name},reason=${reason}`;
      const path = `/api/v1/namespaces/default/events?fieldSelector=${fields}`;
      const { items } = await bed.api.get<{ items: readonly { message: string }[] }>(path);
      found = items[0]?.message ?? "";
      return found !== "";
    },
    30_000,
    `no event ${reason} of ${name}`,
  );
  return found;
}

function report(what: string, ms: number): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`    ${what}: ${Math.round(ms)} ms\n`));
}

Deno.test("KCP-e2e: berth keepalived gives addresses under its own ServiceAccount", async () => {
  const name = clusterName("kcp");
  await clusterDown(name);
  await using bed = await clusterUp({ name });
  await using mode = await InCluster.open(bed, "keepalived");
  await bed.api.patch(VIPS, { data: { "10.99.0.97": "other/web:DR", "note": "hands off" } });
  const first = await mode.start({ name: "a", args: ["--port", "0"], env: ENV });
  await mode.leader("berth-keepalived");

  const begin = performance.now();
  await createService(bed, "web");
  assert.equal(await addressOf(bed, "web"), "10.99.0.98");
  report("Service applied to address in its status", performance.now() - begin);
  assert.match(await eventOf(bed, "web", "CreatedLoadBalancer"), /10\.99\.0\.98/);

  await createService(bed, "bad", { loadBalancerIP: "10.99.0" });
  assert.match(await eventOf(bed, "bad", "CreatingLoadBalancerFailed"), /loadBalancerIP is "10/);
  await createService(bed, "taken", { loadBalancerIP: "10.99.0.97" });
  assert.match(await eventOf(bed, "taken", "CreatingLoadBalancerFailed"), /somebody else wrote/);
  await createService(bed, "asked", { loadBalancerIP: "192.0.2.7" });
  assert.equal(await addressOf(bed, "asked"), "192.0.2.7");

  // deleted while nobody works: the next one finds the leak
  await first.stop();
  await bed.api.remove(`${SERVICES}/web`);
  await mode.start({ name: "b", args: ["--port", "0"], env: ENV });
  const rest = { "10.99.0.97": "other/web:DR", "note": "hands off" };
  await entriesAre(bed, { ...rest, "192.0.2.7": "default/asked" });

  const many = Array.from({ length: 20 }, (_, i) => `many-${i}`);
  const together = performance.now();
  await Promise.all(many.map((one) => createService(bed, one)));
  const given = await Promise.all(many.map((one) => addressOf(bed, one)));
  report("20 Services together to 20 addresses", performance.now() - together);
  assert.equal(new Set(given).size, many.length);
});

Deno.test("KKV-e2e: ConfigMap to agent to keepalived to an address that answers", async () => {
  const name = clusterName("kka");
  await clusterDown(name);
  await using bed = await clusterUp({ name });
  await using mode = await InCluster.open(bed, "keepalived");
  await mode.start({ name: "a", args: ["--port", "0"], env: ENV });
  await using lab = await VrrpLab.open(clusterName("kka"));
  const start = async (host: Host, args: readonly string[]) =>
    await startAgent(bed, {
      ...{ folder: lab.folder, name: host, keepalived: await lab.keepalived(host) },
      args: ["--advert-interval", "1", ...args],
    });
  await using one = await start("h1", ["--priority", "150"]);
  // none takes the lead from the other: the first one has it
  await logged(one, "(berth_4) Entering MASTER");
  await using two = await start("h2", ["--priority", "100"]);
  await logged(two, "(berth_4) Entering BACKUP");

  // the election runs without any address, so the first one needs none
  const begin = Date.now();
  await createService(bed, "web");
  const vip = await addressOf(bed, "web");
  const given = Date.now();
  report("Service to address on the node", await lab.holds("h1", vip) - begin);
  await using probe = lab.probe(vip);
  await probe.answered(begin, "h1");
  report("Service to address in its status", given - begin);

  const second = "10.99.0.126";
  await using other = lab.probe(second);
  const patched = Date.now();
  await bed.api.patch(VIPS, { data: { [second]: "" } });
  report("ConfigMap entry to answer", (await other.answered(patched, "h1")).at - patched);
  assert.ok(!(await lab.addresses("h2")).includes(vip), "one host has the address");

  // the first IPv6 address starts an election of its own
  await bed.api.patch(VIPS, { data: { "fd99--100": "" } });
  await logged(two, "(berth_6) Entering BACKUP");
  await lab.holds("h1", "fd99::100");
  assert.ok(!(await lab.addresses("h2")).includes("fd99::100"), "one host has the address");

  // the host dies: the other one answers
  const cut = Date.now();
  await lab.cut("h1");
  report("host cut off to answer of the other", (await probe.answered(cut, "h2")).at - cut);
  await lab.cut("h1", false);
  await until(
    async () => !(await lab.addresses("h1")).includes(vip),
    20_000,
    "both hosts keep the address",
  );

  // keepalived is stopped in order: the other one answers at once
  const stopped = Date.now();
  await two.stop();
  report(
    "agent stopped to answer of the other",
    (await probe.answered(stopped, "h1")).at - stopped,
  );
  assert.ok(!(await lab.addresses("h2")).includes(vip), "h2 gave the address back");

  // keepalived is killed: the other one answers, and the agent starts it again, as a follower
  await using again = await start("h2", ["--priority", "100"]);
  await logged(again, "(berth_4) Entering BACKUP");
  const killed = Date.now();
  const pid = await Deno.readTextFile(pidOf({ folder: lab.folder, name: "h1" }));
  Deno.kill(Number(pid), "SIGKILL");
  report(
    "keepalived killed to answer of the other",
    (await probe.answered(killed, "h2")).at - killed,
  );
  await logged(one, "keepalived ended, starting it again");
  await lab.holds("h1", vip, false);

  // taken back: the address leaves the host, the other one stays
  const removed = Date.now();
  await bed.api.remove(`${SERVICES}/web`);
  report("Service deleted to address gone", await lab.holds("h2", vip, false) - removed);
  assert.ok((await lab.addresses("h2")).includes(second));
});

Deno.test("KKV-e2e-broken: a file that keepalived refuses is never used; one that runs is reloaded", async () => {
  const name = clusterName("kkb");
  await clusterDown(name);
  await using bed = await clusterUp({ name });
  await using _mode = await InCluster.open(bed, "keepalived");
  await bed.api.patch(VIPS, { data: { "10.99.0.100": "" } });
  await using lab = await VrrpLab.open(clusterName("kkb"));
  const keepalived = await lab.keepalived("h1");
  const options = {
    folder: lab.folder,
    name: "h1",
    keepalived,
    args: ["--advert-interval", "0.1"],
  };
  {
    await using agent = await startAgent(bed, options);
    await lab.holds("h1", "10.99.0.100");
    // an interface that is not there: keepalived -t complains
    await runAnyway([
      "ip",
      "-n",
      `${clusterName("kkb")}-h1`,
      "link",
      "set",
      "eth0",
      "name",
      "eth9",
    ]);
    const before = await Deno.readTextFile(confOf(options));
    await bed.api.patch(VIPS, { data: { "10.99.0.101": "" } });
    await logged(agent, "the old configuration stays");
    assert.equal(await Deno.readTextFile(confOf(options)), before);
    await runAnyway([
      "ip",
      "-n",
      `${clusterName("kkb")}-h1`,
      "link",
      "set",
      "eth9",
      "name",
      "eth0",
    ]);
  }
  {
    await using _again = await startAgent(bed, options);
    await lab.holds("h1", "10.99.0.101");
  }
  await lab.holds("h1", "10.99.0.101", false);

  // a keepalived that somebody else runs is reloaded, with the same rights
  const files = ["-f", confOf(options), "-p", pidOf(options), "-r", `${pidOf(options)}.vrrp`];
  const daemon = new Deno.Command(keepalived, {
    args: ["--dont-fork", "--log-console", "-P", ...files],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  try {
    await lab.holds("h1", "10.99.0.101");
    await using _agent = await startAgent(bed, { ...options, spawn: false });
    await bed.api.patch(VIPS, { data: { "10.99.0.102": "" } });
    await lab.holds("h1", "10.99.0.102");
  } finally {
    daemon.kill("SIGTERM");
    await daemon.status;
  }
});
