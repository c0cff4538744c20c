import assert from "assert";
import { CLUSTER_LABEL, OWNER_LABEL } from "../../../../lib/cli/cleanup_plan.ts";
import { cleanupSource } from "../../../../lib/cli/sources/cleanup.ts";
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

Deno.test("cleanupSource() says how to remove a container by hand", async () => {
  await using bed = await kindMachine();
  await using ports = await cleanupSource(sourceOptions(bed, { command: "cleanup" }));
  const leftover = { id: "1", name: "proxy", cluster: "dead" };
  await assert.rejects(ports.remove(leftover, { signal }), /docker rm --force proxy/);
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
