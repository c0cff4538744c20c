import assert from "assert";
import { ClusterController } from "../../../../lib/cli/app/cluster_controller.ts";
import { workerEntry } from "../../../../lib/cli/app/worker_entry.ts";
import type { ClusterNode } from "../../../../lib/clusters/mod.ts";
import { systemClock } from "../../../../lib/core/mod.ts";
import { ApiBed } from "../../../fakes/api_bed.ts";
import {
  addressesOf,
  ControllerBed,
  embeddedController,
  ledgerOf,
} from "../../../fakes/controller_bed.ts";
import { ownSubnet } from "../../../fakes/own_subnet.ts";

const containers = ["berth-dev-control-plane", "berth-dev-worker"].map((name): ClusterNode => ({
  ...{ name, container: `id-${name}`, role: "worker", up: true },
}));

Deno.test("adopt() notes what the data path carries", async () => {
  await using one = await ControllerBed.open(ownSubnet(10));
  await one.expose("web");
  const address = await one.address("web");
  one.controller.forget();
  assert.deepEqual(one.ledger.held("one/default/web"), []);
  await one.controller.adopt();
  assert.deepEqual(one.ledger.held("one/default/web"), [address]);
});

Deno.test("nothing is served before every cluster has told what it carries", async () => {
  await using bed = new ApiBed();
  bed.api.seedSample();
  const gate = Promise.withResolvers<void>();
  const confirmed = Promise.withResolvers<string>();
  await using controller = new ClusterController({
    ...{ cluster: "one", planes: ["embedded"], workers: 1, workerEntry, clock: systemClock },
    ...{ ledger: ledgerOf(ownSubnet(10)), log: { level: -1, format: "text" } },
    workerPermissions: { net: ["127.0.0.0/8"] },
    mayAllocate: gate.promise,
    confirmed: ({ served }) => confirmed.resolve(served.key),
  });
  controller.setContainers(undefined);
  await controller.connect(bed.api.kubeconfig());
  await bed.create("/api/v1/namespaces/default/services", {
    ...{ apiVersion: "v1", kind: "Service", metadata: { name: "web" } },
    spec: { type: "LoadBalancer", ports: [{ port: 18_240 }] },
  });
  const [early] = await Promise.all([
    Promise.race([confirmed.promise, gate.promise.then(() => "opened")]),
    bed.get("/api/v1/namespaces/default/services/web").then((web) => {
      assert.deepEqual([addressesOf(web), web.metadata.finalizers], [[], undefined]);
      gate.resolve();
    }),
  ]);
  assert.equal(early, "opened");
  assert.equal(await confirmed.promise, "one/default/web");
});

Deno.test("setContainers() decides which nodes there are", async () => {
  await using one = await ControllerBed.open(ownSubnet(10));
  one.controller.setContainers([]);
  await one.expose("web");
  await one.condition("web", "UnAvailableLoadBalancer");
  one.controller.setContainers(containers);
  await one.address("web");
  await one.jobs(1);
  one.controller.setContainers(containers.map((node) => ({ ...node, up: false })));
  one.controller.setContainers(containers.slice(0, 1));
  await one.jobs(2);
});

Deno.test("connect() follows another API server from then on", async () => {
  await using one = await ControllerBed.open(ownSubnet(10));
  await using other = new ApiBed();
  other.api.seedSample();
  await one.expose("web");
  const address = await one.address("web");
  await one.controller.connect(other.api.kubeconfig());
  await other.create("/api/v1/namespaces/default/services", {
    ...{ apiVersion: "v1", kind: "Service", metadata: { name: "new" } },
    spec: { type: "LoadBalancer", ports: [{ port: 18_240 }], loadBalancerIP: address },
  });
  const served = await other.until("services", (service) => addressesOf(service).length > 0);
  assert.deepEqual(addressesOf(served), [address]);
  assert.deepEqual([...one.ledger.keys()], ["one/default/new"]);
});

Deno.test("a controller whose worker cannot start says so", async () => {
  await using bed = new ApiBed();
  bed.api.seedSample();
  await using controller = embeddedController(ledgerOf(ownSubnet(10)), {
    workerEntry: new URL("../../../fixtures/workers/refusing_worker.ts", import.meta.url),
  });
  controller.setContainers(undefined);
  await assert.rejects(controller.adopt(), /no such plane/);
  await controller.connect(bed.api.kubeconfig());
  await bed.create("/api/v1/namespaces/default/services", {
    ...{ apiVersion: "v1", kind: "Service", metadata: { name: "web" } },
    spec: { type: "LoadBalancer", ports: [{ port: 18_240 }] },
  });
  const event = await bed.until("events", ({ reason }) => reason === "SyncLoadBalancerFailed");
  assert.match(event["message"], /no such plane/);
});
