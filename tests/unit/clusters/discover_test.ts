import assert from "assert";
import { discoverClusters, isMember } from "../../../lib/clusters/discover.ts";
import { listedNode } from "../../fakes/kind_containers.ts";

const PLANE = { name: "one-control-plane", role: "control-plane" };

Deno.test("discoverClusters() describes nodes, addresses and the published API port", () => {
  const [cluster, ...rest] = discoverClusters([
    listedNode({ name: "one-worker2" }, { running: false, networks: { kind: {} } }),
    listedNode({ name: "one-worker", networks: { kind: { ipv4: "172.18.0.3", ipv6: "fc00::3" } } }),
    listedNode({ ...PLANE, ports: { "6443/tcp": { address: "127.0.0.1", port: 40001 } } }),
  ]);
  assert.deepEqual(rest, []);
  assert.deepEqual(cluster, {
    name: "one",
    network: "kind",
    nodes: [
      {
        name: "one-control-plane",
        container: "id-one-control-plane",
        role: "control-plane",
        up: true,
        ipv4: "172.18.0.2",
      },
      {
        name: "one-worker",
        container: "id-one-worker",
        role: "worker",
        up: true,
        ipv4: "172.18.0.3",
        ipv6: "fc00::3",
      },
      { name: "one-worker2", container: "id-one-worker2", role: "worker", up: false },
    ],
    api: {
      name: "one-control-plane",
      container: "id-one-control-plane",
      up: true,
      published: { address: "127.0.0.1", port: 40001 },
    },
  });
});

Deno.test("discoverClusters() keeps clusters apart, sorted by name", () => {
  const found = discoverClusters([
    listedNode({ cluster: "zeta", name: "zeta-control-plane", role: "control-plane" }),
    listedNode(PLANE),
    listedNode({ cluster: "my.own_name", name: "x", role: "control-plane" }),
  ]);
  assert.deepEqual(found.map(({ name }) => name), ["my.own_name", "one", "zeta"]);
});

Deno.test("discoverClusters() serves an HA cluster's API through its load balancer", () => {
  const [cluster] = discoverClusters([
    listedNode({ name: "one-control-plane2", role: "control-plane" }),
    listedNode(PLANE),
    listedNode({
      name: "one-external-load-balancer",
      role: "external-load-balancer",
      ports: { "6443/tcp": { address: "127.0.0.1", port: 40002 } },
    }),
  ]);
  assert.equal(cluster?.api.name, "one-external-load-balancer");
  assert.equal(cluster?.api.published?.port, 40002);
  const names = cluster?.nodes.map(({ name }) => name);
  assert.deepEqual(names, ["one-control-plane", "one-control-plane2"]);
});

Deno.test("discoverClusters() finds a stopped cluster with all its nodes down", () => {
  const [cluster] = discoverClusters([listedNode(PLANE, { running: false })]);
  assert.deepEqual([cluster?.api.up, cluster?.nodes[0]?.up], [false, false]);
});

Deno.test("discoverClusters() leaves out what is no cluster", () => {
  const rows = {
    "no control plane yet": listedNode({ name: "one-worker" }),
    "unknown role": listedNode({ name: "x", role: "etcd" }),
    "no labels": listedNode(PLANE, { labels: {} }),
    "empty cluster name": listedNode({ ...PLANE, cluster: "" }),
    "our own": listedNode({ ...PLANE, labels: { "berth.dev/owner": "a" } }),
    "a peer's": listedNode({ ...PLANE, labels: { "io.x-k8s.cloud-provider-kind.cluster": "one" } }),
  };
  for (const [name, container] of Object.entries(rows)) {
    assert.deepEqual(discoverClusters([container]), [], name);
  }
  assert.equal(isMember(rows["our own"]), false);
  assert.equal(isMember(listedNode(PLANE)), true);
});

Deno.test("discoverClusters() takes the network from configuration, else from the nodes", () => {
  const at = (...names: string[]) => ({
    networks: Object.fromEntries(names.map((name) => [name, { ipv4: "10.0.0.9" }])),
  });
  const rows = [
    [["kind"], undefined, "kind"],
    [["mine"], undefined, "mine"],
    [["mine"], "mine", "mine"],
    [["kind"], "mine", "kind"],
    [["aaa", "kind"], undefined, "kind"],
    [["bbb", "aaa"], undefined, "aaa"],
    [["kind", "mine"], "mine", "mine"],
    [[], "mine", "mine"],
    [[], undefined, "kind"],
  ] as const;
  for (const [networks, network, expected] of rows) {
    const [cluster] = discoverClusters([listedNode({ ...PLANE, ...at(...networks) })], { network });
    assert.equal(cluster?.network, expected, `${networks} ${network}`);
  }
  const [shared] = discoverClusters([
    listedNode({ ...PLANE, ...at("kind", "mine") }),
    listedNode({ name: "one-worker", ...at("mine") }),
  ]);
  assert.equal(shared?.network, "mine");
});

Deno.test("discoverClusters() prefers Docker Desktop's label for the published port", () => {
  const ports = { "6443/tcp": { address: "0.0.0.0", port: 1 } };
  const rows = [
    ["127.0.0.1:40009", { address: "127.0.0.1", port: 40009 }],
    ["[::1]:40009", { address: "::1", port: 40009 }],
    [":40009", { address: "", port: 40009 }],
    ["nonsense", { address: "0.0.0.0", port: 1 }],
  ] as const;
  for (const [label, expected] of rows) {
    const labels = { "desktop.docker.io/ports/6443/tcp": label };
    const [cluster] = discoverClusters([listedNode({ ...PLANE, labels, ports })]);
    assert.deepEqual(cluster?.api.published, expected);
  }
});
