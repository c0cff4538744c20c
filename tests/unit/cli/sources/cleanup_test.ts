import assert from "assert";
import { CLUSTER_LABEL, OWNER_LABEL } from "../../../../lib/cli/cleanup_plan.ts";
import { cleanupSource } from "../../../../lib/cli/sources/cleanup.ts";
import { ClusterLock, discoverClusters } from "../../../../lib/clusters/mod.ts";
import { systemClock } from "../../../../lib/core/mod.ts";
import { loadBalancerFinalizer } from "../../../../lib/kube/mod.ts";
import { servingCondition } from "../../../../lib/services/mod.ts";
import { fakeSettings } from "../../../fakes/cli.ts";
import { KindBed } from "../../../fakes/kind_bed.ts";
import { kindMachine, sourceOptions } from "../../../fakes/cli_machine.ts";
import { kindNode } from "../../../fakes/kind_containers.ts";

const { signal } = new AbortController();

Deno.test("cleanupSource() counts a half-made cluster among the living", async () => {
  await using bed = await kindMachine();
  bed.fake.create(kindNode({ cluster: "half", name: "half-worker" }));
  await using ports = await cleanupSource(sourceOptions(bed, { command: "cleanup" }));
  assert.deepEqual([...await ports.clusters({ signal })].sort(), ["half", "one"]);
});

Deno.test("cleanupSource() lists what carries our label, with its cluster", async () => {
  await using bed = await kindMachine();
  const labels = { [OWNER_LABEL]: "me", [CLUSTER_LABEL]: "dead" };
  const id = bed.fake.create({ name: "proxy", labels });
  bed.fake.create({ name: "foreign", labels: { [CLUSTER_LABEL]: "dead" } });
  await using ports = await cleanupSource(sourceOptions(bed, { command: "cleanup" }));
  const owned = await ports.owned({ signal });
  assert.deepEqual(owned, [{ id, name: "proxy", cluster: "dead", labels }]);
});

Deno.test("cleanupSource() removes a container, and the volume with the last one", async () => {
  await using bed = await kindMachine();
  const { fake } = bed;
  const labels = { [OWNER_LABEL]: "berth", [CLUSTER_LABEL]: "dead" };
  fake.images.add("i");
  await fake.createVolume({ name: "keys", labels });
  await fake.createVolume({ name: "other", labels: { ...labels, [CLUSTER_LABEL]: "alive" } });
  const mounts = [{ kind: "volume", source: "keys", target: "/keys" }] as const;
  const network = { kind: "own", name: "kind" } as const;
  const plan = { image: "i", labels, command: [], user: "1:1", network, mounts };
  for (const name of ["a", "b"]) await fake.createContainer({ ...plan, name });
  await using ports = await cleanupSource(sourceOptions(bed, { command: "cleanup" }));
  const volumes = async () => (await fake.volumes({ labels: [] })).map(({ name }) => name);
  for (const leftover of await ports.owned({ signal })) {
    assert.deepEqual(await volumes(), ["keys", "other"]);
    await ports.remove(leftover, { signal });
  }
  assert.deepEqual(await volumes(), ["other"]);
});

Deno.test("cleanupSource() releases nothing of a cluster that is not there", async () => {
  await using bed = await kindMachine();
  await using ports = await cleanupSource(sourceOptions(bed, { command: "cleanup" }));
  assert.deepEqual(await ports.release("gone", { signal }), []);
});

Deno.test("cleanupSource() rejects when the engine's listing breaks off", async () => {
  await using bed = await kindMachine();
  await using ports = await cleanupSource(sourceOptions(bed, { command: "cleanup" }));
  bed.socket.failListings("truncated");
  await assert.rejects(ports.clusters({ signal }));
});

Deno.test("cleanupSource() lets go what berth served, and tells who had an address", async () => {
  await using bed = await KindBed.open();
  await using one = await bed.cluster("one");
  const services = "/api/v1/namespaces/default/services";
  const finalizers = [loadBalancerFinalizer];
  const condition = { type: servingCondition, status: "True", reason: "Served", message: "" };
  const cases = [["ours", [condition], true], ["waiting", [condition], false], [
    "foreign",
    [],
    true,
  ]] as const;
  for (const [name, conditions, has] of cases) {
    const spec = { type: "LoadBalancer", ports: [{ port: 80 }] };
    await one.api.create(services, {
      ...{ apiVersion: "v1", kind: "Service", metadata: { name, finalizers }, spec },
    });
    const at = { ...condition, lastTransitionTime: "2030-01-01T00:00:00Z" };
    const loadBalancer = has ? { loadBalancer: { ingress: [{ ip: "172.18.255.9" }] } } : {};
    const status = { ...loadBalancer, conditions: conditions.map(() => at) };
    await one.api.patch(`${services}/${name}/status`, { status });
  }
  const env = { DOCKER_HOST: `unix://${bed.socket.path}` };
  await using ports = await cleanupSource({ settings: fakeSettings("cleanup"), env });
  const ingresses = "/apis/networking.k8s.io/v1/namespaces/default/ingresses";
  const defaultBackend = { service: { name: "ours", port: { number: 80 } } };
  await one.api.create(ingresses, {
    metadata: { name: "web" },
    spec: { ingressClassName: "berth", defaultBackend },
  });
  const shown = { loadBalancer: { ingress: [{ ip: "172.18.255.8" }] } };
  await one.api.patch(`${ingresses}/web/status`, { status: shown });
  assert.deepEqual(await ports.unserved({ signal }), [
    { cluster: "one", services: ["default/ours", "default/waiting"] },
  ]);
  assert.deepEqual(await ports.release("one", { signal }), [
    { what: "service", name: "default/ours" },
    { what: "ingress", name: "default/web" },
  ]);
  const left = async (name: string) =>
    (await one.api.get(`${services}/${name}`))["metadata"].finalizers;
  assert.deepEqual([await left("ours"), await left("foreign")], [undefined, finalizers]);
  assert.equal(await left("waiting"), undefined);
  assert.deepEqual(await ports.unserved({ signal }), []);
});

Deno.test("cleanupSource() finds no Service that waits where a berth serves", async () => {
  await using bed = await KindBed.open();
  await using one = await bed.cluster("one");
  const services = "/api/v1/namespaces/default/services";
  await one.api.create(services, {
    ...{ apiVersion: "v1", kind: "Service" },
    metadata: { name: "web", finalizers: [loadBalancerFinalizer] },
    spec: { type: "LoadBalancer", ports: [{ port: 80 }] },
  });
  const condition = { type: servingCondition, status: "True", reason: "Served", message: "" };
  const conditions = [{ ...condition, lastTransitionTime: "2030-01-01T00:00:00Z" }];
  await one.api.patch(`${services}/web/status`, { status: { conditions } });
  const [cluster] = discoverClusters(await bed.engine.containers({ labels: [] }));
  assert.ok(cluster !== undefined);
  const life = new AbortController();
  const options = { engine: bed.engine, clock: systemClock, cluster: () => cluster };
  const env = { DOCKER_HOST: `unix://${bed.socket.path}` };
  await using ports = await cleanupSource({ settings: fakeSettings("cleanup"), env });
  assert.equal((await ports.unserved(life)).length, 1);
  await using lock = new ClusterLock(options);
  await lock.take(() => {}, life);
  assert.deepEqual(await ports.unserved(life), []);
});
