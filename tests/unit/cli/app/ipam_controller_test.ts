import assert from "assert";
import type { Stored } from "../../../fakes/api_bed.ts";
import {
  addressOf,
  annotationsOf,
  finalizer,
  given,
  IpamBed,
  label,
} from "../../../fakes/ipam_bed.ts";

const pool = { "cidr-global": "10.0.0.0/24" };
const served = (address: string) => ({
  labels: label,
  annotations: { [given]: address },
  finalizers: [finalizer],
  spec: { loadBalancerIP: address },
});

Deno.test("IpamController counts every address in use before it gives one", async () => {
  await using bed = await IpamBed.open(pool, {
    before: {
      waits: {},
      has: served("10.0.0.1"),
      other: { spec: { loadBalancerClass: "x/y", loadBalancerIP: "10.0.0.2" } },
      asks: { annotations: { [given]: "10.0.0.3" } },
    },
  });
  assert.equal(await bed.address("has"), "10.0.0.1");
  const all = await Promise.all(["waits", "asks"].map((name) => bed.address(name)));
  assert.equal(new Set([...all, "10.0.0.1", "10.0.0.2"]).size, 4);
});

Deno.test("IpamController leaves two that have one address where they are, and tells it", async () => {
  const before = { one: served("10.0.0.1"), two: served("10.0.0.1") };
  await using bed = await IpamBed.open(pool, { before });
  const { message } = await bed.event("two", "AddressConflict");
  assert.match(message, /10\.0\.0\.1.*test\/one/);
  assert.equal(addressOf(await bed.get("two")), "10.0.0.1");
  await bed.service("three");
  assert.equal(await bed.address("three"), "10.0.0.2");
});

Deno.test("IpamController follows a wish that changed, in the field or the annotation", async () => {
  await using bed = await IpamBed.open(pool);
  await bed.service("a");
  await bed.address("a");
  await bed.change("a", { spec: { loadBalancerIP: "10.0.0.50" } });
  await bed.until("a", (service) => addressOf(service) === "10.0.0.50");
  await bed.change("a", { metadata: { annotations: { [given]: "10.0.0.60" } } });
  await bed.until("a", ({ spec }) => spec.loadBalancerIP === "10.0.0.60");
  await bed.service("b");
  assert.equal(await bed.address("b"), "10.0.0.1");
});

Deno.test("IpamController follows a field that its owner sets anew, also after a restart", async () => {
  await using bed = await IpamBed.open({ "range-test": "10.8.0.1-10.8.0.20" });
  await bed.service("a", { spec: { loadBalancerIP: "10.8.0.5" } });
  assert.equal(await bed.address("a"), "10.8.0.5");
  await bed.change("a", { spec: { loadBalancerIP: "10.8.0.1" } });
  await bed.until("a", (service) => addressOf(service) === "10.8.0.1");
  await bed.service("b");
  assert.equal(await bed.address("b"), "10.8.0.2");
  await bed.stop();
  await bed.change("a", { spec: { loadBalancerIP: "10.8.0.3" } });
  await bed.service("c");
  bed.start();
  await bed.until("a", (service) => addressOf(service) === "10.8.0.3");
  // what a leaves is free once its write is done
  assert.match(await bed.address("c"), /^10\.8\.0\.[14]$/);
});

Deno.test("IpamController gives nobody what a Service has while its new wish waits", async () => {
  await using bed = await IpamBed.open({ "range-test": "10.8.0.1-10.8.0.20" });
  await bed.service("a", { spec: { loadBalancerIP: "10.8.0.1" } });
  await bed.address("a");
  await bed.service("b", { spec: { loadBalancerIP: "10.8.0.2" } });
  await bed.address("b");
  await bed.change("a", { spec: { loadBalancerIP: "10.8.0.2" } });
  await bed.event("a", "SyncLoadBalancerFailed");
  await bed.until("a", (service) => "berth.dev/pending" in annotationsOf(service));
  await bed.stop();
  await bed.service("c");
  bed.start();
  assert.equal(await bed.address("c"), "10.8.0.3");
  assert.equal(addressOf(await bed.get("a")), "10.8.0.1");
});

Deno.test("IpamController gives nobody what a Service has while its new field waits", async () => {
  await using bed = await IpamBed.open({ "range-test": "10.8.0.1-10.8.0.20" });
  await bed.service("a", { spec: { type: "ClusterIP" } });
  for (const name of ["b", "c"]) {
    await bed.service(name);
    await bed.address(name);
  }
  await bed.change("b", { spec: { loadBalancerIP: "10.8.0.2" } });
  await bed.until("b", (service) => "berth.dev/pending" in annotationsOf(service));
  await bed.stop();
  // served before the other two
  await bed.change("a", { spec: { type: "LoadBalancer" } });
  bed.start();
  const all = await Promise.all(["a", "b", "c"].map((name) => bed.address(name)));
  assert.deepEqual(all, ["10.8.0.3", "10.8.0.1", "10.8.0.2"]);
  // the wish is not forgotten
  await bed.remove("c");
  await bed.until("b", (service) => addressOf(service) === "10.8.0.2");
});

Deno.test("IpamController believes an annotation that was changed while it was away last", async () => {
  const before = {
    a: { ...served("10.0.0.1"), annotations: { [given]: "10.0.0.2" } },
    b: served("10.0.0.2"),
  };
  await using bed = await IpamBed.open(pool, { before });
  await bed.until("a", (service) => "berth.dev/pending" in annotationsOf(service));
  await bed.service("c");
  assert.equal(await bed.address("c"), "10.0.0.3");
});

for (
  const [what, change] of [
    ["an annotation that waits", {
      annotations: { [given]: "10.0.0.2", "berth.dev/pending": "x" },
    }],
    ["both, written by its owner, that wait", {
      annotations: { [given]: "10.0.0.2", "berth.dev/pending": "in-use" },
      spec: { loadBalancerIP: "10.0.0.2" },
    }],
    ["a field that was all that is left", {
      annotations: {},
      spec: { loadBalancerIP: "10.0.0.2" },
    }],
    [
      "what another's wish was",
      {
        annotations: {
          [given]: "10.0.0.2",
          "berth.dev/pending": "x",
          "kube-vip.io/ignore": "true",
        },
      },
    ],
  ] as const
) {
  Deno.test(`IpamController takes nobody's address for ${what} at its start`, async () => {
    const before = {
      a: { labels: label, finalizers: [finalizer], ...change },
      b: served("10.0.0.2"),
    };
    await using bed = await IpamBed.open(pool, { before });
    await bed.service("c");
    assert.equal(await bed.address("c"), "10.0.0.1");
    await bed.stop();
    const told = bed.api.objects("events").filter((event) => event["involvedObject"].name === "b");
    assert.deepEqual(told.map((event) => event["reason"]), []);
  });
}

Deno.test("IpamController leaves a host name that its owner writes over an address", async () => {
  await using bed = await IpamBed.open(pool);
  await bed.service("a");
  await bed.address("a");
  await bed.change("a", { metadata: { annotations: { [given]: "my.host.name" } } });
  await bed.until("a", ({ spec }) => spec.loadBalancerIP !== "10.0.0.1");
  await bed.stop();
  bed.start();
  await bed.service("b");
  assert.equal(await bed.address("b"), "10.0.0.1");
  assert.equal(addressOf(await bed.get("a")), "my.host.name");
});

Deno.test("IpamController moves nobody when sharing is switched off, and says so", async () => {
  const shared = { "cidr-global": "10.0.0.0/30", "allow-share-global": "true" };
  await using bed = await IpamBed.open(shared);
  await bed.service("a");
  await bed.address("a");
  await bed.service("b", { spec: { ports: [{ port: 81 }] } });
  assert.equal(await bed.address("b"), "10.0.0.1");
  await bed.pools({ "cidr-global": "10.0.0.0/30" });
  for (const name of ["a", "b"]) {
    const { message } = await bed.event(name, "AddressConflict");
    assert.match(message, /both keep what they have$/);
    assert.equal(addressOf(await bed.get(name)), "10.0.0.1");
  }
});

Deno.test("IpamController serves who waited when a port of a shared address becomes free", async () => {
  const shared = { "range-global": "10.0.0.1-10.0.0.1", "allow-share-global": "true" };
  await using bed = await IpamBed.open(shared);
  await bed.service("a");
  await bed.address("a");
  await bed.service("b");
  await bed.until("b", (service) => "berth.dev/pending" in annotationsOf(service));
  await bed.change("a", { spec: { ports: [{ port: 81 }] } });
  assert.equal(await bed.address("b"), "10.0.0.1");
});

Deno.test("IpamController serves who waited when the other one shares, too", async () => {
  await using bed = await IpamBed.open(pool);
  await bed.service("a");
  await bed.address("a");
  const shares = { "berth.dev/allow-shared-ip": "edge" };
  await bed.service("b", {
    annotations: { ...shares, "berth.dev/addresses": "10.0.0.1" },
    spec: { ports: [{ port: 81 }] },
  });
  await bed.until("b", (service) => "berth.dev/pending" in annotationsOf(service));
  await bed.change("a", { metadata: { annotations: shares } });
  assert.equal(await bed.address("b"), "10.0.0.1");
});

Deno.test("IpamController shares what a Service has by its ports of now, also while it waits", async () => {
  await using bed = await IpamBed.open({ "range-global": "10.0.0.1-10.0.0.2" });
  const shares = { "berth.dev/allow-shared-ip": "edge" };
  await bed.service("a", { annotations: shares });
  await bed.address("a");
  await bed.service("b");
  await bed.address("b");
  // a keeps 10.0.0.1 and cannot have the other one
  await bed.change("a", { metadata: { annotations: { "berth.dev/addresses": "10.0.0.2" } } });
  await bed.until("a", (service) => "berth.dev/pending" in annotationsOf(service));
  await bed.service("c", { annotations: { ...shares, "berth.dev/addresses": "10.0.0.1" } });
  await bed.until("c", (service) => "berth.dev/pending" in annotationsOf(service));
  await bed.change("a", { spec: { ports: [{ port: 81 }] } });
  assert.equal(await bed.address("c"), "10.0.0.1");
});

for (
  const [what, plan] of [
    ["of another class", { spec: { loadBalancerClass: "metallb.io/l2" } }],
    ["that kube-vip ignores", { annotations: { "kube-vip.io/ignore": "true" } }],
  ] as const
) {
  Deno.test(`IpamController shares no address with a Service ${what}`, async () => {
    const pools = { "range-global": "10.0.0.9-10.0.0.9", "allow-share-global": "true" };
    await using bed = await IpamBed.open(pools, { before: { theirs: plan }, start: false });
    const status = { loadBalancer: { ingress: [{ ip: "10.0.0.9" }] } };
    await bed.api.patch("/api/v1/namespaces/test/services/theirs/status", { status });
    bed.start();
    await bed.service("ours", { spec: { ports: [{ port: 81 }] } });
    await bed.until("ours", (service) => "berth.dev/pending" in annotationsOf(service));
    await bed.service("asks", { spec: { ports: [{ port: 82 }], loadBalancerIP: "10.0.0.9" } });
    const { message } = await bed.event("asks", "SyncLoadBalancerFailed");
    assert.match(message, /10\.0\.0\.9 belongs to Service test\/theirs: another controller/);
    await bed.remove("theirs");
    const all = await Promise.all(["ours", "asks"].map((name) => bed.address(name)));
    assert.deepEqual(all, ["10.0.0.9", "10.0.0.9"]);
  });
}

for (const policy of ["PreferDualStack", "RequireDualStack"]) {
  Deno.test(`IpamController adds a family to who has one when it becomes free, ${policy}`, async () => {
    await using bed = await IpamBed.open({ "range-global": "10.0.0.1-10.0.0.9,fd00::1-fd00::1" });
    await bed.service("a", { spec: { ipFamilies: ["IPv6"] } });
    assert.equal(await bed.address("a"), "fd00::1");
    await bed.service("b");
    assert.equal(await bed.address("b"), "10.0.0.1");
    await bed.change("b", { spec: { ipFamilyPolicy: policy } });
    await bed.service("c");
    assert.equal(await bed.address("c"), "10.0.0.2");
    await bed.remove("a");
    await bed.until("b", (service) => addressOf(service) === "10.0.0.1,fd00::1");
  });
}

Deno.test("IpamController serves who waited when a pool comes, and forgets the note", async () => {
  await using bed = await IpamBed.open(undefined);
  await bed.service("a");
  const waits = await bed.until("a", (service) => "berth.dev/pending" in annotationsOf(service));
  assert.equal(annotationsOf(waits)["berth.dev/pending"], "no-pool");
  await bed.pools(pool);
  assert.equal(await bed.address("a"), "10.0.0.1");
  assert.equal(annotationsOf(await bed.get("a"))["berth.dev/pending"], undefined);
});

Deno.test("IpamController takes nothing away when the ConfigMap is deleted", async () => {
  await using bed = await IpamBed.open(pool);
  await bed.service("a");
  await bed.address("a");
  await bed.api.remove("/api/v1/namespaces/kube-system/configmaps/kubevip");
  await bed.event("a", "LoadBalancerAddress");
  assert.equal(addressOf(await bed.get("a")), "10.0.0.1");
});

Deno.test("IpamController tells of every bad entry, and the good ones serve", async () => {
  await using bed = await IpamBed.open({ "cidr-global": "nonsense,10.0.0.0/24,10.0.1.0/33" });
  await bed.service("a");
  assert.equal(await bed.address("a"), "10.0.0.1");
  const told = (text: string) =>
    bed.api.until(
      "events",
      (event: Stored) =>
        event["involvedObject"].kind === "ConfigMap" && event["message"].includes(text),
    );
  assert.match((await told("nonsense"))["message"], /cidr-global/);
  assert.match((await told("10.0.1.0/33"))["message"], /cidr-global/);
});

Deno.test("IpamController says what a refused write was refused for, and tries again", async () => {
  await using bed = await IpamBed.open(pool, { start: false });
  bed.api.fail({ kind: "status", code: 403 }, 1, ({ method }) => method === "PATCH");
  bed.start();
  await bed.service("a");
  const { message } = await bed.event("a", "SyncLoadBalancerFailed");
  assert.match(message, /403.*give berth's user this right/);
  assert.equal(await bed.address("a"), "10.0.0.1");
});

Deno.test("IpamController lets a write under way end before the next one may lead", async () => {
  await using bed = await IpamBed.open(pool);
  const { promise: begun, resolve } = Promise.withResolvers<void>();
  bed.api.fault = ({ method }) => {
    if (method !== "PATCH") return undefined;
    resolve();
    return { kind: "slow", ms: 100 };
  };
  await bed.service("a");
  await begun;
  await bed.stop();
  assert.equal(addressOf(await bed.get("a")), "10.0.0.1");
});

Deno.test("IpamController tells that a Service that is deleted is let go, once", async () => {
  await using bed = await IpamBed.open(pool);
  for (const uses of ["first", "second"]) {
    await bed.service("a");
    await bed.address("a");
    await bed.remove("a");
    await bed.gone("a");
    const reasons = ["DeletingLoadBalancer", "DeletedLoadBalancer"];
    await bed.api.settled(
      "events",
      (events) =>
        reasons.every((reason) =>
          events.filter((event) => event["reason"] === reason).length ===
            (uses === "first" ? 1 : 2)
        ),
    );
  }
  const { message } = await bed.event("a", "DeletedLoadBalancer");
  assert.equal(message, "Deleted load balancer: 10.0.0.1 may be given again");
});

Deno.test("IpamController leaves Services at their interface when the pool's changes, and says so", async () => {
  await using bed = await IpamBed.open({ ...pool, "interface-test": "eth0" });
  await bed.service("a");
  await bed.address("a");
  await bed.pools({ ...pool, "interface-test": "eth1" });
  const { message } = await bed.event("a", "LoadBalancerInterface");
  assert.match(message, /stays eth0.*names eth1 now/);
  await bed.service("b");
  await bed.address("b");
  const devices = await Promise.all(
    ["a", "b"].map(async (name) => annotationsOf(await bed.get(name))),
  );
  assert.deepEqual(devices.map((one) => one["kube-vip.io/serviceInterface"]), ["eth0", "eth1"]);
});

Deno.test("IpamController believes no label that a Service brings along", async () => {
  await using bed = await IpamBed.open({ "cidr-global": "10.0.0.0/24", "outside-pools": "refuse" });
  await bed.service("first");
  await bed.address("first");
  await bed.service("liar", served("1.1.1.1"));
  const { message } = await bed.event("liar", "SyncLoadBalancerFailed");
  assert.match(message, /1\.1\.1\.1.*outside every pool/);
});

Deno.test("IpamController gives the namespaces' labels to the pools that select by them", async () => {
  const named = "addresses: [10.7.0.1-10.7.0.9]\nnamespaceSelector: {matchLabels: {tier: front}}\n";
  await using bed = await IpamBed.open({ "pool-front": named }, { namespaces: ["front"] });
  await bed.api.patch("/api/v1/namespaces/front", { metadata: { labels: { tier: "front" } } });
  await bed.service("front/a");
  await bed.service("dev/b");
  assert.equal(await bed.address("front/a"), "10.7.0.1");
  await bed.event("b", "SyncLoadBalancerFailed");
});

Deno.test("IpamController gives no address that a node has, and tells who has one", async () => {
  await using bed = await IpamBed.open(pool, {
    start: false,
    before: { has: served("10.0.0.2") },
  });
  for (const address of ["10.0.0.1", "10.0.0.2"]) {
    await bed.api.create("/api/v1/nodes", {
      metadata: { name: `n-${address}` },
      status: { addresses: [{ type: "InternalIP", address }] },
    });
  }
  bed.start();
  await bed.service("a");
  assert.equal(await bed.address("a"), "10.0.0.3");
  const { message } = await bed.event("has", "SyncLoadBalancerFailed");
  assert.match(message, /10\.0\.0\.2 is used by node n-10\.0\.0\.2: ask for another one/);
  assert.equal(addressOf(await bed.get("has")), "10.0.0.2");
});

Deno.test("IpamController serves without the right to see nodes", async () => {
  await using bed = await IpamBed.open(pool, { start: false });
  const seesNodes = ({ path }: { readonly path: string }) => path === "/api/v1/nodes";
  bed.api.fail({ kind: "status", code: 403 }, Infinity, seesNodes);
  bed.start();
  await bed.service("a");
  assert.equal(await bed.address("a"), "10.0.0.1");
});

Deno.test("IpamController keeps its rules when the ConfigMap is deleted", async () => {
  const rules = { ...pool, "outside-pools": "refuse", "allow-share-global": "true" };
  await using bed = await IpamBed.open(rules);
  await bed.service("a", { annotations: { [given]: "192.0.2.1" } });
  await bed.event("a", "SyncLoadBalancerFailed");
  for (const [name, port] of [["b", 80], ["c", 81]] as const) {
    await bed.service(name, { spec: { ports: [{ port }] } });
    assert.equal(await bed.address(name), "10.0.0.1");
  }
  await bed.api.remove("/api/v1/namespaces/kube-system/configmaps/kubevip");
  for (const name of ["b", "c"]) await bed.event(name, "LoadBalancerAddress");
  const failed = bed.api.objects("events").filter(({ reason }) =>
    reason === "SyncLoadBalancerFailed"
  );
  assert.deepEqual([...new Set(failed.map((event) => event["involvedObject"].name))], ["a"]);
  assert.ok("berth.dev/pending" in annotationsOf(await bed.get("a")));
});

Deno.test("IpamController gives an address that two ask for to one, and then to the other", async () => {
  await using bed = await IpamBed.open(pool);
  const asks = { annotations: { [given]: "10.0.0.7" } };
  await bed.service("one", asks);
  await bed.until("one", ({ metadata }) => metadata.finalizers?.includes(finalizer) === true);
  await bed.service("two", asks);
  const { message } = await bed.event("two", "SyncLoadBalancerFailed");
  assert.match(message, /loadbalancerIPs: address 10\.0\.0\.7 belongs to Service test\/one: /);
  await bed.remove("one");
  await bed.gone("one");
  const two = await bed.until(
    "two",
    ({ metadata }) => metadata.labels?.["implementation"] !== undefined,
  );
  assert.equal(annotationsOf(two)["berth.dev/pending"], undefined);
});

Deno.test("IpamController tells which port stands in the way of sharing an address", async () => {
  await using bed = await IpamBed.open({ ...pool, "allow-share-test": "true" });
  await bed.service("one");
  const address = await bed.address("one");
  await bed.service("two", { annotations: { [given]: address } });
  const { message } = await bed.event("two", "SyncLoadBalancerFailed");
  assert.match(message, /address 10\.0\.0\.1 belongs to Service test\/one: .*TCP\/80/);
  await bed.change("two", { spec: { ports: [{ port: 81 }] } });
  await bed.until("two", ({ metadata }) => metadata.labels?.["implementation"] !== undefined);
});

Deno.test("IpamController keeps all when the ConfigMap is replaced by garbage, and tells the keys", async () => {
  await using bed = await IpamBed.open(pool);
  await bed.service("a");
  await bed.address("a");
  await bed.pools({
    "cidr-global": "0.0.0.0/0,10.0.9.9-10.0.9.1,10.0.0.1-fd00::1",
    "pool-x": "{[",
  });
  const { message } = await bed.event("a", "LoadBalancerAddress");
  assert.match(message, /10\.0\.0\.1 lies outside every pool now and is kept: put it into a pool/);
  const words = ["every address there is", "runs backwards", "of two families", "pool-x"];
  for (const text of words) {
    await bed.api.until(
      "events",
      (event) => event["reason"] === "InvalidPool" && event["message"].includes(text),
    );
  }
  await bed.service("b");
  await bed.event("b", "SyncLoadBalancerFailed");
  assert.equal(addressOf(await bed.get("a")), "10.0.0.1");
  await bed.pools(pool);
  assert.equal(await bed.address("b"), "10.0.0.2");
});
