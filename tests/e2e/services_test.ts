import assert from "assert";
import { until } from "./bed/mod.ts";
import { answered, askHttp, askUdp, podsBehind, silent } from "./net_client.ts";
import { gatewayOf, scenario } from "./scenario.ts";

for (const policy of ["Local", "Cluster"] as const) {
  Deno.test(`a Service with policy ${policy} reaches every Pod and keeps the client's address`, async () => {
    await using world = await scenario(`policy-${policy.toLowerCase()}`);
    await world.bed.deployBackend("web", { replicas: 4 });
    const address = await world.expose("web", { spec: { externalTrafficPolicy: policy } });
    const ask = () => askHttp(address, 80);
    const answer = await answered(ask);
    assert.match(answer.pod, /^web-/);
    assert.equal(answer.client, await gatewayOf(world.bed.shape.network));
    assert.equal((await podsBehind(ask, 100)).size, 4);
  });
}

Deno.test("TCP and UDP on the same port both answer", async () => {
  await using world = await scenario("udp-tcp");
  await world.bed.deployBackend("web");
  const address = await world.expose("web", {
    spec: {
      ports: [
        { name: "tcp", port: 80, targetPort: 8080, protocol: "TCP" },
        { name: "udp", port: 80, targetPort: 8081, protocol: "UDP" },
      ],
    },
  });
  assert.match((await answered(() => askHttp(address, 80))).pod, /^web-/);
  assert.match((await answered(() => askUdp(address, 80))).pod, /^web-/);
});

Deno.test("a TCP Service changes its type and ports and keeps its address", async () => {
  await using world = await scenario("change");
  await world.bed.deployBackend("web");
  await world.createService("web", { spec: { type: "ClusterIP" } });
  await world.change("web", { type: "NodePort" });
  await world.change("web", { type: "LoadBalancer" });
  const address = await world.addressOf("web");
  await answered(() => askHttp(address, 80));

  await world.change("web", { ports: [{ port: 81, targetPort: 8080 }] });
  await answered(() => askHttp(address, 81));
  await silent(() => askHttp(address, 80));

  await world.bed.kubectl("scale", "deployment/web", "--replicas=0");
  await silent(() => askHttp(address, 81));
  await world.bed.kubectl("scale", "deployment/web", "--replicas=1");
  await answered(() => askHttp(address, 81));
  assert.equal(await world.bed.address("web"), address);

  await world.change("web", { type: "ClusterIP" });
  await silent(() => askHttp(address, 81));
  const cleared = async () => await world.bed.address("web") === undefined;
  await until(cleared, 10_000, "the status still names an address");
  assert.deepEqual(await world.holders(address), []);
});

Deno.test("a Service without node ports answers, and keeps its address when it gets them", async () => {
  await using world = await scenario("no-nodeport");
  await world.bed.deployBackend("web");
  const address = await world.expose("web", { spec: { allocateLoadBalancerNodePorts: false } });
  await answered(() => askHttp(address, 80));
  await world.change("web", { allocateLoadBalancerNodePorts: true });
  await answered(() => askHttp(address, 80));
  assert.equal(await world.bed.address("web"), address);
});

Deno.test("source ranges let in only who is named, over TCP and UDP", async () => {
  await using world = await scenario("ranges");
  await world.bed.deployBackend("web");
  const address = await world.expose("web", {
    spec: {
      ports: [
        { name: "tcp", port: 80, targetPort: 8080, protocol: "TCP" },
        { name: "udp", port: 80, targetPort: 8081, protocol: "UDP" },
      ],
    },
  });
  const tcp = () => askHttp(address, 80);
  const udp = () => askUdp(address, 80);
  await answered(tcp);
  await answered(udp);
  await world.change("web", { loadBalancerSourceRanges: ["203.0.113.0/24"] });
  await silent(tcp);
  await silent(udp);
  const gateway = await gatewayOf(world.bed.shape.network);
  await world.change("web", { loadBalancerSourceRanges: ["203.0.113.0/24", `${gateway}/32`] });
  await answered(tcp);
  await answered(udp);
  await world.change("web", { loadBalancerSourceRanges: null });
  await answered(tcp);
});

Deno.test("a deleted Service leaves neither address nor finalizer behind", async () => {
  await using world = await scenario("delete");
  await world.bed.deployBackend("web");
  const address = await world.expose("web");
  await answered(() => askHttp(address, 80));
  await world.bed.kubectl("delete", "service", "web", "--timeout=20s");
  await silent(() => askHttp(address, 80));
  const released = async () => (await world.holders(address)).length === 0;
  await until(released, 10_000, `${address} is still on a node`);
});

Deno.test("Pods reach the address too, on every node, under both policies", async () => {
  await using world = await scenario("from-pods");
  await world.bed.deployBackend("web", { replicas: 1 });
  await world.expose("web");
  await world.expose("local", { app: "web", spec: { externalTrafficPolicy: "Local" } });
  for (const service of ["web", "local"]) {
    const address = await world.addressOf(service);
    for (const node of await world.bed.nodes()) {
      const script = `curl -s --max-time 2 http://${address}/`;
      const reached = async () => (await world.bed.onNode(node.name, script)).code === 0;
      await until(reached, 20_000, `${node.name} does not reach ${service} at ${address}`);
    }
  }
});

Deno.test("an address that somebody on the network has is given to nobody", async () => {
  await using world = await scenario("stranger");
  await world.bed.deployBackend("web");
  const first = await world.expose("web");
  await world.bed.kubectl("delete", "service", "web");
  await until(async () => (await world.holders(first)).length === 0, 20_000, `${first} is kept`);
  const worker = `${world.bed.name}-worker2`;
  await world.bed.onNode(worker, `ip addr add ${first}/32 dev eth0`);
  const second = await world.expose("web");
  assert.notEqual(second, first);
  await answered(() => askHttp(second, 80));
  await world.createService("asks", { app: "web", spec: { loadBalancerIP: first } });
  const events = () => world.bed.kubectl("get", "events", "-o", "jsonpath={.items[*].message}");
  const told = async () => (await events()).includes("is used by somebody else on the network");
  await until(told, 20_000, "no event tells who has the address");
  assert.deepEqual(await world.holders(first), [worker]);
});
