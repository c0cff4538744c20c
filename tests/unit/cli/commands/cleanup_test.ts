import assert from "assert";
import { CLUSTER_LABEL, OWNER_LABEL } from "../../../../lib/cli/cleanup_plan.ts";
import { cleanup } from "../../../../lib/cli/commands/cleanup.ts";
import type { CleanupPorts, Leftover, Released, Unserved } from "../../../../lib/cli/ports.ts";
import { fakeContext } from "../../../fakes/cli.ts";

const owned = ["one", "two"].map((name) => ({
  id: name,
  name,
  cluster: "dead",
  labels: { [OWNER_LABEL]: "me", [CLUSTER_LABEL]: "dead" },
}));

class FakePorts implements CleanupPorts {
  readonly removed: string[] = [];
  readonly released: string[] = [];
  clusters = () => Promise.resolve(["kind"]);
  owned = () => Promise.resolve(owned);
  unserved = (): Promise<readonly Unserved[]> => Promise.resolve([]);

  remove({ name }: Leftover): Promise<void> {
    this.removed.push(name);
    return Promise.resolve();
  }

  release(cluster: string): Promise<readonly Released[]> {
    this.released.push(cluster);
    return Promise.resolve([
      { what: "service", name: "default/web" },
      { what: "gateway", name: "shop/edge" },
      { what: "ingress", name: "shop/web" },
    ]);
  }
}

Deno.test("cleanup() removes the containers of dead clusters and leaves living ones", async () => {
  const ports = new FakePorts();
  const context = fakeContext("cleanup");
  assert.equal(await cleanup(context, ports), 0);
  assert.deepEqual(ports.removed, ["one", "two"]);
  assert.deepEqual(ports.released, []);
  assert.equal(
    context.streams.stdout,
    "removed container one (dead)\nremoved container two (dead)\n",
  );
});

Deno.test("cleanup() --all releases living clusters, as JSON on request", async () => {
  const ports = new FakePorts();
  const context = fakeContext("cleanup", { all: true, output: "json", clusters: ["kind"] });
  assert.equal(await cleanup(context, ports), 0);
  assert.deepEqual(ports.released, ["kind"]);
  assert.deepEqual(JSON.parse(context.streams.stdout), {
    dryRun: false,
    removed: [
      { what: "service", cluster: "kind", name: "default/web" },
      { what: "gateway", cluster: "kind", name: "shop/edge" },
      { what: "ingress", cluster: "kind", name: "shop/web" },
    ],
    unserved: [],
  });
  const people = fakeContext("cleanup", { all: true, clusters: ["kind"] });
  await cleanup(people, ports);
  assert.deepEqual(people.streams.stdout.split("\n"), [
    "removed addresses of default/web (kind)",
    "removed addresses of Gateway shop/edge (kind)",
    "removed addresses of Ingress shop/web (kind)",
    "",
  ]);
});

Deno.test("cleanup() names clusters whose Services wait for a berth, and the way out", async () => {
  const ports = new FakePorts();
  ports.owned = () => Promise.resolve([]);
  ports.unserved = () =>
    Promise.resolve([
      { cluster: "kind", services: ["default/web"] },
      { cluster: "two", services: ["a/b", "a/c"] },
    ]);
  const context = fakeContext("cleanup");
  assert.equal(await cleanup(context, ports), 0);
  assert.equal(
    context.streams.stdout,
    "no berth serves cluster kind, and 1 Service cannot be deleted before one does: start berth, " +
      'or give the addresses back with "berth cleanup --all --cluster kind"\n' +
      "no berth serves cluster two, and 2 Services cannot be deleted before one does: start " +
      'berth, or give the addresses back with "berth cleanup --all --cluster two"\n',
  );
  const all = fakeContext("cleanup", { all: true, clusters: ["kind"] });
  await cleanup(all, ports);
  assert.doesNotMatch(all.streams.stdout, /no berth/);
});

Deno.test("cleanup() --dry-run touches nothing and says what it would do", async () => {
  const ports = new FakePorts();
  const context = fakeContext("cleanup", { all: true, dryRun: true });
  assert.equal(await cleanup(context, ports), 0);
  assert.deepEqual([...ports.removed, ...ports.released], []);
  assert.match(
    context.streams.stdout,
    /^would remove addresses of every Service, Gateway and Ingress \(kind\)$/m,
  );
  assert.match(context.streams.stdout, /^would remove container one \(dead\)$/m);
});

Deno.test("cleanup() goes on after a failure and exits with 1", async () => {
  const ports = new FakePorts();
  const remove = ports.remove.bind(ports);
  ports.remove = (leftover) =>
    leftover.name === "one" ? Promise.reject(new Error("in use")) : remove(leftover);
  ports.release = () => Promise.reject(new Error("no answer"));
  const context = fakeContext("cleanup", { all: true });
  assert.equal(await cleanup(context, ports), 1);
  assert.deepEqual(ports.removed, ["two"]);
  assert.match(context.streams.stdout, /^cannot remove container one \(dead\): in use$/m);
  assert.match(
    context.streams.stdout,
    /^cannot remove addresses of every Service, Gateway and Ingress \(kind\): no answer$/m,
  );
});

Deno.test("cleanup() removes nothing when a listing fails", async () => {
  const partial = () => Promise.reject(new Error("partial answer"));
  const breaks = [
    (ports: FakePorts) => ports.clusters = partial,
    (ports: FakePorts) => ports.owned = partial,
  ];
  for (const breakListing of breaks) {
    const ports = new FakePorts();
    breakListing(ports);
    await assert.rejects(cleanup(fakeContext("cleanup"), ports), /partial answer/);
    assert.deepEqual(ports.removed, []);
  }
});

Deno.test("cleanup() says that nothing is left", async () => {
  const ports = new FakePorts();
  ports.owned = () => Promise.resolve([]);
  const context = fakeContext("cleanup");
  assert.equal(await cleanup(context, ports), 0);
  assert.equal(context.streams.stdout, "nothing of berth's is left behind\n");
});
