import assert from "assert";
import { AddressBook } from "../../../../lib/cli/app/address_book.ts";
import { ClusterSet } from "../../../../lib/cli/app/cluster_set.ts";
import { discoverClusters, type KindCluster } from "../../../../lib/clusters/mod.ts";
import { systemClock } from "../../../../lib/core/mod.ts";
import { embeddedController } from "../../../fakes/controller_bed.ts";
import { KindBed } from "../../../fakes/kind_bed.ts";
import { ownSubnet, subnetRoom } from "../../../fakes/own_subnet.ts";

/** A set over a fake engine, whose clusters are served on loopback. */
class SetBed implements AsyncDisposable {
  readonly kind: KindBed;
  readonly set: ClusterSet;
  readonly book: AddressBook;
  /** Names of the clusters for which a controller was made. */
  readonly made: string[] = [];
  /** Controllers end no sooner than this. */
  ending: Promise<void> = Promise.resolve();
  readonly #life = new AbortController();

  constructor(kind: KindBed, only: readonly string[] = []) {
    this.kind = kind;
    this.book = new AddressBook(kind.engine);
    this.set = new ClusterSet({
      ...{ engine: kind.engine, book: this.book, clock: systemClock, only },
      signal: this.#life.signal,
      controller: (cluster, start) => {
        this.made.push(cluster);
        const made = embeddedController(start.ledger, { cluster, ...start });
        const end = made[Symbol.asyncDispose].bind(made);
        made[Symbol.asyncDispose] = () => this.ending.then(end);
        return made;
      },
    });
  }

  /** The cluster as a listing shows it now. */
  async seen(name: string): Promise<KindCluster> {
    const found = discoverClusters(await this.kind.engine.containers({ labels: [] }));
    const cluster = found.find((one) => one.name === name);
    if (cluster === undefined) throw new Error(`no cluster ${name}`);
    return cluster;
  }

  async held(): Promise<readonly string[]> {
    return [...(await this.book.ledger("kind")).keys()].toSorted();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#life.abort();
    await this.set.stop();
    await this.kind[Symbol.asyncDispose]();
  }
}

const listed = { kind: "listed", clusters: 1 } as const;
const spec = { ports: [{ port: 18_250 }] };

async function open(only: readonly string[] = []): Promise<SetBed> {
  return new SetBed(await KindBed.open(ownSubnet(11)), only);
}

Deno.test("apply() serves a cluster that is added, and gives addresses back when it goes", async () => {
  await using bed = await open();
  await using one = await bed.kind.cluster("one");
  const cluster = await bed.seen("one");
  bed.set.apply({ kind: "added", cluster });
  bed.set.apply(listed);
  await one.expose("web", spec);
  await one.address("web");
  assert.deepEqual(await bed.held(), ["one/default/web"]);
  bed.set.apply({ kind: "removed", cluster });
  bed.set.apply({ kind: "removed", cluster });
  while ((await bed.held()).length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  const web = await one.api.get("/api/v1/namespaces/default/services/web");
  assert.notDeepEqual(web["status"].loadBalancer, {}, "the object itself is left alone");
});

Deno.test("apply() lets addresses of a cluster that goes help those that wait", async () => {
  await using bed = await open();
  await using one = await bed.kind.cluster("one");
  await using two = await bed.kind.cluster("two");
  const clusters = [await bed.seen("one"), await bed.seen("two")] as const;
  for (const cluster of clusters) bed.set.apply({ kind: "added", cluster });
  bed.set.apply(listed);
  const names = Array.from({ length: subnetRoom }, (_, n) => `web-${n}`);
  await Promise.all(names.map((name) => one.expose(name, spec)));
  await Promise.all(names.map((name) => one.address(name)));
  await two.expose("late", spec);
  await two.api.until(
    "services",
    ({ status }) => status?.conditions?.[0]?.reason === "SyncLoadBalancerFailed",
  );
  bed.set.apply({ kind: "removed", cluster: clusters[0] });
  await two.address("late");
});

Deno.test("apply() starts a cluster afresh that was made again under its name", async () => {
  await using bed = await open();
  await using one = await bed.kind.cluster("one");
  const cluster = await bed.seen("one");
  bed.set.apply({ kind: "added", cluster });
  bed.set.apply(listed);
  await one.expose("web", spec);
  await one.address("web");
  bed.set.apply({ kind: "recreated", cluster, before: cluster });
  await one.expose("more", spec);
  await one.address("more");
  assert.deepEqual(bed.made, ["one", "one"]);
});

Deno.test("apply() gives back what a cluster held before another of its name starts", async () => {
  await using bed = await open();
  await using one = await bed.kind.cluster("one");
  const cluster = await bed.seen("one");
  bed.set.apply({ kind: "added", cluster });
  bed.set.apply(listed);
  await one.expose("web", spec);
  await one.address("web");
  const { promise, resolve } = Promise.withResolvers<void>();
  bed.ending = promise;
  bed.set.apply({ kind: "removed", cluster });
  bed.set.apply({ kind: "added", cluster });
  await new Promise((resolve) => setTimeout(resolve));
  assert.deepEqual(bed.made, ["one"]);
  resolve();
  await one.expose("more", spec);
  await one.address("more");
  assert.deepEqual(bed.made, ["one", "one"]);
  assert.deepEqual(await bed.held(), ["one/default/more", "one/default/web"]);
});

Deno.test("apply() connects again when the API server comes up elsewhere", async () => {
  await using bed = await open();
  await using one = await bed.kind.cluster("one");
  await using elsewhere = await bed.kind.cluster("elsewhere");
  const cluster = await bed.seen("one");
  bed.set.apply({ kind: "added", cluster });
  bed.set.apply(listed);
  await one.expose("web", spec);
  await one.address("web");
  const { api: moved } = await bed.seen("elsewhere");
  const down = { ...cluster, api: { ...cluster.api, up: false } };
  bed.set.apply({ kind: "changed", cluster: down, before: cluster });
  const { published } = moved;
  const up = { ...cluster, api: { ...cluster.api, ...(published && { published }) } };
  await elsewhere.api.create("/api/v1/nodes", {
    ...{ apiVersion: "v1", kind: "Node", metadata: { name: "one-worker" } },
  });
  bed.set.apply({ kind: "changed", cluster: up, before: down });
  await elsewhere.expose("there", spec);
  await elsewhere.address("there");
  assert.deepEqual(bed.made, ["one"]);
});

Deno.test("apply() of a change to an unknown cluster adds it", async () => {
  await using bed = await open();
  await using one = await bed.kind.cluster("one");
  const cluster = await bed.seen("one");
  bed.set.apply({ kind: "changed", cluster, before: cluster });
  bed.set.apply(listed);
  await one.expose("web", spec);
  await one.address("web");
});

Deno.test("apply() passes over clusters that nobody asked for", async () => {
  await using bed = await open(["two"]);
  await using one = await bed.kind.cluster("one");
  await using two = await bed.kind.cluster("two");
  for (const name of ["one", "two"]) {
    bed.set.apply({ kind: "added", cluster: await bed.seen(name) });
  }
  bed.set.apply(listed);
  await one.expose("web", spec);
  await two.expose("web", spec);
  await two.address("web");
  assert.deepEqual(bed.made, ["two"]);
});

Deno.test("a cluster that cannot start delays no other for long, and is tried again", async () => {
  await using bed = await open();
  await using one = await bed.kind.cluster("one");
  const cluster = await bed.seen("one");
  bed.kind.engine.unable = "network";
  bed.set.apply({ kind: "added", cluster });
  bed.set.apply(listed);
  while (!bed.kind.engine.calls.includes("network")) {
    await new Promise((resolve) => setTimeout(resolve));
  }
  bed.kind.engine.unable = "";
  await one.expose("web", spec);
  await one.address("web");
});

Deno.test("releaseAll() takes back what all clusters serve", async () => {
  await using bed = await open();
  await using one = await bed.kind.cluster("one");
  await using two = await bed.kind.cluster("two");
  for (const name of ["one", "two"]) {
    bed.set.apply({ kind: "added", cluster: await bed.seen(name) });
  }
  bed.set.apply(listed);
  for (const cluster of [one, two]) {
    await cluster.expose("web", spec);
    await cluster.address("web");
  }
  await bed.set.releaseAll(new AbortController().signal);
  assert.deepEqual(await bed.held(), []);
  for (const cluster of [one, two]) {
    const { metadata } = await cluster.api.get("/api/v1/namespaces/default/services/web");
    assert.equal(metadata.finalizers, undefined);
  }
});

Deno.test("apply() leaves a cluster alone that another berth serves, and follows when it ends", async () => {
  const first = await open();
  await using one = await first.kind.cluster("one");
  await using two = await first.kind.cluster("two");
  await using second = new SetBed(first.kind);
  first.set.apply({ kind: "added", cluster: await first.seen("one") });
  first.set.apply(listed);
  await one.expose("web", spec);
  const address = await one.address("web");
  for (const name of ["one", "two"]) {
    second.set.apply({ kind: "added", cluster: await first.seen(name) });
  }
  second.set.apply(listed);
  await two.expose("web", spec);
  await two.address("web");
  assert.deepEqual(second.made, ["two"]);
  await first.set.stop();
  await one.expose("more", spec);
  await one.address("more");
  assert.deepEqual(second.made, ["two", "one"]);
  assert.equal(await one.address("web"), address);
});

Deno.test("a Service gets no address that somebody else on the network has", async () => {
  await using bed = await open();
  await using one = await bed.kind.cluster("one");
  bed.set.apply({ kind: "added", cluster: await bed.seen("one") });
  bed.set.apply(listed);
  await one.expose("first", spec);
  const taken = await one.address("first");
  await one.api.remove("/api/v1/namespaces/default/services/first");
  while ((await bed.held()).length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  bed.kind.locks.strangers.set(taken, "02:42:ac:12:00:05");
  await one.expose("first", spec);
  assert.notEqual(await one.address("first"), taken);
});

Deno.test("a Service that asks for a container's address has it when the container is gone", async () => {
  await using bed = await open();
  const life = new AbortController();
  const following = bed.book.follow(life.signal);
  await using one = await bed.kind.cluster("one");
  bed.set.apply({ kind: "added", cluster: await bed.seen("one") });
  bed.set.apply(listed);
  await one.expose("first", spec);
  const address = await one.address("first");
  await one.api.remove("/api/v1/namespaces/default/services/first");
  while ((await bed.held()).length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  bed.kind.engine.run({ name: "other", networks: { kind: { ipv4: address } } });
  await one.expose("asks", { ...spec, loadBalancerIP: address });
  await one.api.until(
    "services",
    ({ metadata, status }) =>
      metadata.name === "asks" && status?.conditions?.[0]?.reason === "SyncLoadBalancerFailed",
  );
  bed.kind.engine.remove("other");
  assert.equal(await one.address("asks"), address);
  life.abort();
  await following.catch(() => {});
});
