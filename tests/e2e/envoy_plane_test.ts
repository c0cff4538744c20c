/** Services on the Envoy plane: a real cluster, a real engine, a real Envoy. */
import assert from "assert";
import { docker, ensureEnvoyImage, until } from "./bed/mod.ts";
import { answered, askHttp, askUdp, pause, podsBehind, Probe, silent } from "./net_client.ts";
import { gatewayOf, type Scenario, scenario, type ServiceSpec } from "./scenario.ts";

const BOTH = [
  { name: "tcp", port: 80, targetPort: 8080, protocol: "TCP" },
  { name: "udp", port: 80, targetPort: 8081, protocol: "UDP" },
];
/** A port of this machine that nobody else is likely to use. */
const PORT = 18_473;
const ENVOY: ServiceSpec = { app: "web", annotations: { "berth.dev/plane": "envoy" } };

Deno.test("the Envoy plane serves Services", async (t) => {
  await ensureEnvoyImage();
  await using world = await scenario("envoy-plane");
  await world.bed.deployBackend("web", { replicas: 4 });
  for (const [name, check] of Object.entries(CHECKS)) await t.step(name, () => check(world));
});

Deno.test("ports are published on the host, the same where free", async () => {
  await ensureEnvoyImage();
  await using world = await scenario("envoy-ports", {
    workers: 0,
    berth: { args: ["--enable-lb-port-mapping"] },
  });
  await world.bed.deployBackend("web");
  const ports = BOTH.map((one) => ({ ...one, port: PORT }));
  await world.expose("web", { spec: { ports } });
  await answered(() => askHttp("127.0.0.1", PORT));
  await answered(() => askUdp("127.0.0.1", PORT));
  assert.equal(await publishedOf(world, "web"), `${PORT}/TCP=${PORT},${PORT}/UDP=${PORT}`);
  await world.expose("other", { app: "web", spec: { ports: ports.slice(0, 1) } });
  const [, other] = (await publishedOf(world, "other")).split("=");
  assert.notEqual(Number(other), PORT);
  await answered(() => askHttp("127.0.0.1", Number(other)));
  await docker("kill", `berth-${world.bed.name}-edge`);
  await answered(() => askHttp("127.0.0.1", PORT));
  await world.bed.kubectl("delete", "service", "web", "--timeout=20s");
  await silent(() => askHttp("127.0.0.1", PORT));
});

Deno.test("a Service on the Envoy plane answers in both families", async () => {
  await ensureEnvoyImage();
  await using world = await scenario("envoy-dual", { family: "dual", workers: 1 });
  await world.bed.deployBackend("web", { replicas: 2 });
  await world.createService("web", {
    ...ENVOY,
    spec: { ports: BOTH, ipFamilyPolicy: "RequireDualStack" },
  });
  const path = "jsonpath={.status.loadBalancer.ingress[*].ip}";
  const addresses = async () =>
    (await world.bed.kubectl("get", "service", "web", "-o", path)).split(" ");
  await until(async () => (await addresses()).length === 2, 20_000, "not both families are served");
  for (const address of await addresses()) {
    await answered(() => askHttp(address, 80));
    await answered(() => askUdp(address, 80));
    assert.equal((await podsBehind(() => askHttp(address, 80), 40)).size, 2, address);
  }
});

/** What the annotation of a Service tells. */
async function publishedOf({ bed }: Scenario, service: string): Promise<string> {
  const path = "jsonpath={.metadata.annotations.berth\\.dev/published-ports}";
  return await bed.kubectl("get", "service", service, "-o", path);
}

const CHECKS: Readonly<Record<string, (world: Scenario) => Promise<void>>> = {
  "over TCP and UDP, from every Pod, with a status of its own": serves,
  "only to source ranges, over TCP and UDP": filters,
  "with affinity: a client stays on one Pod": sticks,
  "with the PROXY protocol where it is asked for": tellsClient,
  "to the endpoints that are there": follows,
  "again when the proxy's container is killed or removed": mendsProxy,
  "again when the container with the addresses is removed": mendsEdge,
  "while berth is killed and started again": survives,
  "and leaves the plane for another one": changesPlane,
  "and leaves nothing behind": leavesNothing,
};

async function serves(world: Scenario): Promise<void> {
  const address = await world.expose("web", { ...ENVOY, spec: { ports: BOTH } });
  await answered(() => askHttp(address, 80));
  await answered(() => askUdp(address, 80));
  assert.equal((await podsBehind(() => askHttp(address, 80), 60)).size, 4);
  assert.equal((await podsBehind(() => askUdp(address, 80), 60)).size, 4);
  const status = await world.bed.kubectl("get", "service", "web", "-o", "jsonpath={.status}");
  assert.match(status, /"ipMode":"Proxy"/);
  assert.match(status, /envoy plane/);
}

async function filters(world: Scenario): Promise<void> {
  const address = await world.addressOf("web");
  const tcp = () => askHttp(address, 80);
  const udp = () => askUdp(address, 80);
  await world.change("web", { loadBalancerSourceRanges: ["203.0.113.0/24"] });
  await silent(tcp);
  await silent(udp);
  const gateway = await gatewayOf(world.bed.shape.network);
  await world.change("web", { loadBalancerSourceRanges: ["203.0.113.0/24", `${gateway}/32`] });
  await answered(tcp);
  await answered(udp);
  await world.change("web", { loadBalancerSourceRanges: null });
  await answered(tcp);
}

async function sticks(world: Scenario): Promise<void> {
  const spec = { ports: BOTH, sessionAffinity: "ClientIP" };
  const address = await world.expose("sticky", { ...ENVOY, spec });
  await answered(() => askHttp(address, 80));
  await answered(() => askUdp(address, 80));
  assert.equal((await podsBehind(() => askHttp(address, 80), 20)).size, 1);
  assert.equal((await podsBehind(() => askUdp(address, 80), 20)).size, 1);
  await world.bed.kubectl("delete", "service", "sticky", "--timeout=20s");
}

/** The backend's port echoes what it gets, the header included. */
async function tellsClient(world: Scenario): Promise<void> {
  const annotations = { ...ENVOY.annotations, "berth.dev/proxy-protocol": "v1" };
  const spec = { ports: [{ port: 90, targetPort: 8082 }] };
  const address = await world.expose("told", { ...ENVOY, annotations, spec });
  const header = async () => await echoed(address, 90).catch(() => "");
  await until(async () => (await header()).includes("PROXY "), 10_000, "no PROXY header");
  const gateway = await gatewayOf(world.bed.shape.network);
  assert.match(await header(), new RegExp(`PROXY TCP4 ${gateway} ${address} \\d+ 90`));
  await world.bed.kubectl("delete", "service", "told", "--timeout=20s");
}

async function follows(world: Scenario): Promise<void> {
  const address = await world.addressOf("web");
  const ask = () => askHttp(address, 80);
  await world.bed.kubectl("scale", "deployment/web", "--replicas=0");
  await silent(ask);
  await world.bed.kubectl("scale", "deployment/web", "--replicas=4");
  await answered(ask);
  const all = async () => (await podsBehind(ask, 40)).size === 4;
  await until(all, 20_000, "not every Pod answers");
}

async function mendsProxy(world: Scenario): Promise<void> {
  const address = await world.addressOf("web");
  for (const how of [["kill"], ["rm", "-f"]]) {
    await docker(...how, await proxyOf(world, "web"));
    await answered(() => askHttp(address, 80));
    await answered(() => askUdp(address, 80));
    const named = () => proxyOf(world, "web").then((name) => name !== "", () => false);
    await until(named, 10_000, "the proxy has not its name");
  }
}

async function mendsEdge(world: Scenario): Promise<void> {
  const address = await world.addressOf("web");
  for (const how of [["kill"], ["rm", "-f"], ["restart", "-t", "0"]]) {
    await docker(...how, `berth-${world.bed.name}-edge`);
    await answered(() => askHttp(address, 80));
    await answered(() => askUdp(address, 80));
  }
}

async function survives(world: Scenario): Promise<void> {
  const address = await world.addressOf("web");
  const before = await docker("inspect", "-f", "{{.State.Pid}}", await proxyOf(world, "web"));
  await using probe = new Probe(() => askHttp(address, 80));
  await world.berth.kill();
  assert.match(await configOf("default/web"), new RegExp(`${address} TCP/80`));
  await world.restartBerth();
  const second = await world.expose("second", ENVOY);
  await answered(() => askHttp(second, 80));
  await pause(500);
  assert.equal((await probe.result()).failed, 0);
  assert.equal(await world.bed.address("web"), address);
  assert.equal(
    await docker("inspect", "-f", "{{.State.Pid}}", await proxyOf(world, "web")),
    before,
  );
  await world.bed.kubectl("delete", "service", "second", "--timeout=20s");
  await silent(() => askHttp(second, 80));
}

async function changesPlane(world: Scenario): Promise<void> {
  const address = await world.addressOf("web");
  for (const [plane, mode] of [["kernel", "VIP"], ["envoy", "Proxy"]]) {
    await world.bed.kubectl(
      "annotate",
      "service",
      "web",
      "--overwrite",
      `berth.dev/plane=${plane}`,
    );
    const path = "jsonpath={.status.loadBalancer.ingress[0].ipMode}";
    const moved = async () => await world.bed.kubectl("get", "service", "web", "-o", path) === mode;
    await until(moved, 20_000, `the Service is not on the ${plane} plane`);
    await answered(() => askHttp(address, 80));
    await answered(() => askUdp(address, 80));
    assert.equal((await world.holders(address)).length, plane === "kernel" ? 1 : 0);
  }
}

async function leavesNothing(world: Scenario): Promise<void> {
  const address = await world.addressOf("web");
  await world.bed.kubectl("delete", "service", "web", "--timeout=20s");
  await silent(() => askHttp(address, 80));
  await world.berth.stop();
  const label = `label=io.x-k8s.cloud-provider-kind.cluster=${world.bed.name}`;
  assert.equal(await docker("ps", "-aq", "--filter", label), "");
  assert.equal(await docker("volume", "ls", "-q", "--filter", label), "");
}

/** What `berth config` prints. */
async function configOf(name: string): Promise<string> {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "main.ts", "config", name],
  });
  const { stdout, stderr } = await command.output();
  return new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
}

/** Name of the container that serves a Service. */
async function proxyOf({ bed }: Scenario, service: string): Promise<string> {
  const name = `^berth-${bed.name}-default-${service}(-[0-9a-f]{8})*$`;
  const found = await docker("ps", "--filter", `name=${name}`, "--format", "{{.Names}}");
  const [only = ""] = found.split("\n");
  assert.ok(only !== "", `no container serves ${service}`);
  return only;
}

/** What the backend's echo port says first, and its echo of a line. */
async function echoed(hostname: string, port: number): Promise<string> {
  const conn = await Deno.connect({ hostname, port, signal: AbortSignal.timeout(2_000) });
  try {
    await conn.write(new TextEncoder().encode("hello\n"));
    let text = "";
    const chunk = new Uint8Array(1_024);
    while (!text.includes("hello")) {
      const count = await conn.read(chunk);
      if (count === null) break;
      text += new TextDecoder().decode(chunk.subarray(0, count));
    }
    return text;
  } finally {
    conn.close();
  }
}
