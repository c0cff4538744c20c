/** The kernel plane beside a real kube-proxy that knows the address too (`ipMode: VIP`). */
import assert from "assert";
import { systemClock } from "../../../lib/core/mod.ts";
import { createKernelPlane, NODE_SHELL } from "../../../lib/planes/kernel/mod.ts";
import { createEngine } from "../../../lib/runtime/mod.ts";
import { type Bed, clusterUp, docker, type ProxyMode, run } from "../bed/mod.ts";
import { ENGINE_SOCKET, missingForPlaneTests, specOf } from "./plane_bed.ts";
import { askTcp, namesOf, outcome, untilOutcome } from "./traffic.ts";

const missing = await missingForPlaneTests();
const { signal } = new AbortController();

interface Pod {
  readonly metadata: { readonly name: string; readonly uid: string };
  readonly spec: { readonly nodeName: string };
  readonly status: { readonly podIP: string };
}

for (const [index, proxyMode] of (["iptables", "nftables"] as const).entries()) {
  Deno.test({
    name: `kernel plane and kube-proxy (${proxyMode}) get along`,
    ignore: missing !== undefined,
    fn: (t) => besideKubeProxy(t, { proxyMode, index: 8 + index }),
  });
}

async function besideKubeProxy(
  t: Deno.TestContext,
  { proxyMode, index }: { readonly proxyMode: ProxyMode; readonly index: number },
): Promise<void> {
  await using bed = await clusterUp({ name: `kpproxy${index}`, workers: 2, index, proxyMode });
  await using engine = createEngine({ socketPath: ENGINE_SOCKET });
  await using plane = createKernelPlane({
    cluster: bed.name,
    openSession: (container) => engine.session(container, NODE_SHELL),
    clock: systemClock,
    events: { moved: () => {}, broken: () => {} },
  });
  const nodes = (await bed.nodes()).map(({ name }) => ({ name, container: name, up: true }));
  await plane.setNodes(nodes, { signal });
  await bed.deployBackend("web", { replicas: 4 });
  const pods = await podsOf(bed);
  const address = await freeAddress(bed, index);
  const endpoints = pods.map(({ status, spec }) => ({
    address: status.podIP,
    port: 8082,
    node: spec.nodeName,
  }));
  const announcers = nodes.map(({ name }) => name);
  const spec = specOf("kp/default/web", [{ address, port: 80, endpoints }], announcers);
  const served = await plane.ensure(spec, { signal });
  const holder = served.addresses[0]?.node ?? "";
  const nodePort = await expose(bed, address);

  await t.step("clients outside reach all Pods with their own address", async () => {
    assert.equal((await namesOf(80, () => askTcp(address, 80))).size, pods.length);
  });

  await t.step("kube-proxy's NodePorts and the kubelet do not answer on the address", async () => {
    const own = (await bed.nodes()).find(({ name }) => name === holder)?.ipv4 ?? "";
    await untilOutcome(() => outcome(askTcp(own, nodePort, 500)), /^web-/);
    assert.equal(await outcome(askTcp(address, nodePort)), "refused");
    assert.equal(await outcome(askTcp(address, 10_250)), "refused");
  });

  await t.step("Pods reach it on every node, from every Pod", async () => {
    for (const pod of pods) {
      const answers = await fromPod(pod, address);
      assert.equal(answers.length, 8);
      const others = answers.filter((line) => !line.startsWith(pod.metadata.name));
      assert.ok(others.every((line) => /^web-\S+ /.test(line)), answers.join());
    }
  });

  await t.step("kube-proxy's own changes cause none of ours", async () => {
    const handles = () =>
      run(["docker", "exec", holder, "nft", "-a", "list", "table", "inet", "berth"]);
    const before = await handles();
    for (let i = 0; i < 10; i++) {
      await bed.kubectl("create", "service", "clusterip", `s${i}`, "--tcp=80");
    }
    await untilOutcome(() => proxied(bed, holder), "yes");
    assert.equal(await handles(), before);
  });
  await plane.remove("kp/default/web", { signal });
}

async function podsOf(bed: Bed): Promise<readonly Pod[]> {
  const text = await bed.kubectl("get", "pods", "-l", "app=web", "-o", "json");
  return (JSON.parse(text) as { readonly items: readonly Pod[] }).items;
}

async function freeAddress(bed: Bed, number: number): Promise<string> {
  const [first] = await bed.nodes();
  const [a, b, c] = (first?.ipv4 ?? "").split(".").map(Number);
  // the engine's networks are /16, or /20 when those are used up
  return `${a}.${b}.${(c ?? 0) | 15}.${number}`;
}

/** Makes the Service and tells kube-proxy the address; returns its NodePort. */
async function expose(bed: Bed, address: string): Promise<number> {
  await bed.kubectl(
    "expose",
    "deployment",
    "web",
    "--port=80",
    "--target-port=8082",
    "--type=LoadBalancer",
  );
  const status = { loadBalancer: { ingress: [{ ip: address, ipMode: "VIP" }] } };
  await bed.kubectl(
    ...["patch", "service", "web", "--subresource=status", "--type=merge"],
    ...["-p", JSON.stringify({ status })],
  );
  return Number(
    await bed.kubectl("get", "service", "web", "-o", "jsonpath={.spec.ports[0].nodePort}"),
  );
}

async function fromPod(pod: Pod, address: string): Promise<readonly string[]> {
  const pid = await docker("inspect", "-f", "{{.State.Pid}}", `bed-${pod.metadata.uid}-0`);
  const script =
    `for i in 1 2 3 4 5 6 7 8; do (exec 3<>/dev/tcp/${address}/80 && head -n1 <&3); done`;
  return (await run(["nsenter", "-t", pid, "-n", "bash", "-c", script])).split("\n");
}

/** `yes` once kube-proxy has rules for the last of the new Services. */
async function proxied(bed: Bed, node: string): Promise<string> {
  const address = await bed.kubectl("get", "service", "s9", "-o", "jsonpath={.spec.clusterIP}");
  const rules = await bed.onNode(node, "iptables-save 2>/dev/null; nft list ruleset 2>/dev/null");
  return rules.stdout.includes(address) ? "yes" : "no";
}
