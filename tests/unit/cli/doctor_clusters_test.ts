import assert from "assert";
import { checkCluster, findClusters } from "../../../lib/cli/doctor_clusters.ts";
import type { DoctorPorts } from "../../../lib/cli/ports.ts";
import { healthyDoctorPorts, refusing } from "../../fakes/doctor.ts";

const { signal } = new AbortController();
const session = (changed: Partial<DoctorPorts> = {}) => ({
  ports: healthyDoctorPorts(changed),
  signal,
});

const searches = [
  { name: "finds all", chosen: [], changed: {}, verdict: "ok", found: ["kind"] },
  { name: "finds the chosen", chosen: ["kind"], changed: {}, verdict: "ok", found: ["kind"] },
  {
    name: "misses a chosen one",
    chosen: ["x", "kind"],
    changed: {},
    verdict: "fail",
    found: ["kind"],
  },
  {
    name: "finds none",
    chosen: [],
    changed: { clusters: () => Promise.resolve([]) },
    verdict: "warn",
    found: [],
  },
  { name: "fails", chosen: [], changed: { clusters: refusing("x") }, verdict: "fail", found: [] },
];

for (const { name, chosen, changed, verdict, found } of searches) {
  Deno.test(`findClusters() ${name}`, async () => {
    const { check, clusters } = await findClusters(session(changed), chosen);
    assert.equal(check.verdict, verdict);
    assert.equal(check.remedy === undefined, verdict === "ok");
    assert.deepEqual(clusters.map((cluster) => cluster.name), found);
  });
}

const node = { name: "kind-worker", container: "c1", up: true };

Deno.test("findClusters() counts nodes, and one is a node", async () => {
  const clusters = [1, 2].map((size) => ({
    ...{ name: `c${size}`, network: "kind" },
    nodes: Array.from({ length: size }, () => node),
  }));
  const { check } = await findClusters(session({ clusters: () => Promise.resolve(clusters) }), []);
  assert.equal(check.detail, "c1 (1 node), c2 (2 nodes)");
});

const nodes = [
  { name: "a fit node", node, changed: {}, verdict: "ok", detail: /tools present/ },
  {
    name: "a stopped node",
    node: { ...node, up: false },
    changed: {},
    verdict: "warn",
    detail: /stopped/,
  },
  {
    name: "a node without nft",
    node,
    changed: { node: () => Promise.resolve({ missing: ["nft"], fwd: false }) },
    verdict: "fail",
    detail: /lacks nft/,
  },
  {
    name: "a kernel without fwd",
    node,
    changed: { node: () => Promise.resolve({ missing: [], fwd: false }) },
    verdict: "warn",
    detail: /masquerade/,
  },
  {
    name: "a node that runs nothing",
    node,
    changed: { node: refusing("no exec") },
    verdict: "fail",
    detail: /no exec/,
  },
];

for (const { name, node, changed, verdict, detail } of nodes) {
  Deno.test(`checkCluster() on ${name}`, async () => {
    const checks = await checkCluster(session(changed), { name: "kind", nodes: [node] });
    assert.deepEqual(checks.map((check) => check.name), ["api kind", "node kind-worker"]);
    assert.equal(checks[1]?.verdict, verdict);
    assert.match(checks[1]?.detail ?? "", detail);
  });
}

Deno.test("checkCluster() tells an API server that does not answer", async () => {
  const [api] = await checkCluster(session({ api: refusing("refused") }), {
    name: "kind",
    nodes: [],
  });
  assert.equal(api?.verdict, "fail");
  assert.equal(api?.detail, "refused");
});
