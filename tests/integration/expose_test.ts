import assert from "assert";
import { addressesOf, ask, conditionOf, ControllerBed } from "../fakes/controller_bed.ts";
import { openFlow } from "../fakes/local_client.ts";
import { startNamedBackend } from "../fakes/named_backend.ts";
import { ownSubnet } from "../fakes/own_subnet.ts";

const finalizer = "service.kubernetes.io/load-balancer-cleanup";

Deno.test("a Service that is exposed gets an address that answers", async () => {
  await using backend = await startNamedBackend("a");
  await using one = await ControllerBed.open(ownSubnet(0));
  await one.endpoints("web", backend.endpoint);
  await one.expose("web");
  const address = await one.address("web");
  assert.equal(await ask(address, 18_200), "a");
  const service = await one.service("web");
  assert.deepEqual(service.metadata.finalizers, [finalizer]);
  assert.deepEqual(service["status"].loadBalancer.ingress, [
    { ip: address, ipMode: "Proxy", ports: [{ port: 18_200, protocol: "TCP" }] },
  ]);
  assert.equal(conditionOf(service)?.status, "True");
  await one.event("web", "EnsuringLoadBalancer");
  await one.event("web", "EnsuredLoadBalancer");
});

Deno.test("traffic follows the endpoints, and a Service without any refuses", async () => {
  await using a = await startNamedBackend("a");
  await using b = await startNamedBackend("b");
  await using one = await ControllerBed.open(ownSubnet(0));
  await one.expose("web");
  const address = await one.address("web");
  assert.equal(await ask(address, 18_200), undefined);
  await one.jobs(1);
  let jobs = 1;
  for (const [backend, answer] of [[a, "a"], [b, "b"]] as const) {
    await one.endpoints("web", backend.endpoint);
    await one.jobs(++jobs);
    assert.equal(await ask(address, 18_200), answer);
  }
  await one.endpoints("web");
  await one.jobs(++jobs);
  assert.equal(await ask(address, 18_200), undefined);
});

Deno.test("a changed port answers, the old one does not, the address stays", async () => {
  await using backend = await startNamedBackend("a");
  await using one = await ControllerBed.open(ownSubnet(0));
  await one.endpoints("web", backend.endpoint);
  await one.expose("web");
  const address = await one.address("web");
  await one.change("web", { spec: { ports: [{ port: 18_201 }] } });
  await one.jobs(2);
  assert.equal(await ask(address, 18_201), "a");
  assert.equal(await ask(address, 18_200), undefined);
  assert.equal(await one.address("web"), address);
});

Deno.test("a Service that becomes ClusterIP gives everything back", async () => {
  await using one = await ControllerBed.open(ownSubnet(0));
  await one.expose("web");
  await one.address("web");
  await one.change("web", { spec: { type: "ClusterIP" } });
  const service = await one.bed.until(
    "services",
    ({ metadata }) => metadata.name === "web" && (metadata.finalizers ?? []).length === 0,
  );
  assert.deepEqual(addressesOf(service), []);
  assert.deepEqual([...one.ledger.keys()], []);
  await one.event("web", "DeletedLoadBalancer");
  await one.change("web", { spec: { type: "LoadBalancer" } });
  await one.address("web");
});

Deno.test("a deleted Service is let go, and its address is free again", async () => {
  await using one = await ControllerBed.open(ownSubnet(0));
  await one.expose("web");
  const address = await one.address("web");
  await one.remove("web");
  await one.gone("web");
  assert.equal(await ask(address, 18_200), undefined);
  await one.expose("other", { loadBalancerIP: address });
  assert.equal(await one.address("other"), address);
});

Deno.test("a Service made again under its name gets its address again", async () => {
  await using one = await ControllerBed.open(ownSubnet(0));
  await one.expose("web");
  const address = await one.address("web");
  await one.remove("web");
  await one.gone("web");
  await one.expose("web");
  assert.equal(await one.address("web"), address);
});

Deno.test("a foreign class is never touched", async () => {
  await using one = await ControllerBed.open(ownSubnet(0));
  await one.expose("theirs", { loadBalancerClass: "example.com/other" });
  await one.expose("ours");
  await one.address("ours");
  const theirs = await one.service("theirs");
  assert.deepEqual([theirs.metadata.finalizers, addressesOf(theirs)], [undefined, []]);
});

Deno.test("several ports, and TCP and UDP on the same one", async () => {
  await using backend = await startNamedBackend("a");
  await using one = await ControllerBed.open(ownSubnet(0));
  const { address, port } = backend.endpoint;
  await one.bed.create("/apis/discovery.k8s.io/v1/namespaces/default/endpointslices", {
    ...{ apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice", addressType: "IPv4" },
    metadata: { name: "dns-1", labels: { "kubernetes.io/service-name": "dns" } },
    ports: ["tcp", "udp", "more"].map((name) => ({
      ...{ name, port, protocol: name === "udp" ? "UDP" : "TCP" },
    })),
    endpoints: [{ addresses: [address], conditions: { ready: true } }],
  });
  await one.expose("dns", {
    ports: [
      { name: "tcp", port: 18_202, protocol: "TCP" },
      { name: "udp", port: 18_202, protocol: "UDP" },
      { name: "more", port: 18_203 },
    ],
  });
  const ip = await one.address("dns");
  for (const target of [["TCP", 18_202], ["UDP", 18_202], ["TCP", 18_203]] as const) {
    await using flow = await openFlow({ protocol: target[0], address: ip, port: target[1] });
    assert.equal(await flow.ask(), "a", target.join(" "));
  }
});
