import assert from "assert";
import { workerEntry } from "../../../lib/cli/app/worker_entry.ts";
import { workerPermissions } from "../../../lib/cli/app/worker_permissions.ts";
import { systemClock } from "../../../lib/core/mod.ts";
import { createWorkerPool, type WorkerPoolOptions } from "../../../lib/dispatch/mod.ts";
import type { Job, Outcome, WorkerInit } from "../../../lib/dispatch/types.ts";
import type { PlaneName } from "../../../lib/planes/types.ts";
import type { CommitAnswer, Proposal } from "../../../lib/services/mod.ts";
import { ask, ledgerOf } from "../../fakes/controller_bed.ts";
import { EngineSocket } from "../../fakes/engine_socket.ts";
import { FakeEdge } from "../../fakes/fake_edge.ts";
import { endpoint, endpointSlice, lbService } from "../../fakes/kube_objects.ts";
import { startNamedBackend } from "../../fakes/named_backend.ts";
import { ownSubnet } from "../../fakes/own_subnet.ts";

const { signal } = new AbortController();
const key = "one/ns/web";
const ledger = ledgerOf(ownSubnet(12));
const init: WorkerInit = {
  ...{ cluster: "one", planes: ["embedded"], log: { level: -1, format: "text" } },
};

/** The product's worker with its real permissions for the embedded plane. */
function pool(change: Partial<WorkerPoolOptions> = {}) {
  return createWorkerPool<Job, Outcome>({
    ...{ entry: workerEntry, name: "test", size: 1, init, clock: systemClock },
    ...{ permissions: { net: ["127.0.0.0/8"] }, deadlineMs: 20_000 },
    call: {
      commit(args): CommitAnswer {
        const { key, addresses, use } = args as Proposal;
        return { result: ledger.commit(key, addresses, use), view: ledger.view(key) };
      },
    },
    ...change,
  });
}

function ensureJob(port: number, plane: PlaneName = "embedded"): Job {
  const service = lbService({ spec: { ports: [{ port: 18_260 }] } });
  const endpoints = [endpoint("127.0.0.1", "a")];
  const slices = [endpointSlice({ ports: [{ port }], endpoints })];
  return { kind: "ensure", key, service, slices, plane, view: ledger.view(key) };
}

Deno.test("the worker serves, lists and removes on its planes", async () => {
  await using backend = await startNamedBackend("a");
  await using worker = pool();
  worker.broadcast("plan-nodes", [{ name: "a", up: true, eligible: true }]);
  worker.broadcast("nodes", [{ name: "a", up: true, eligible: true }]);
  const outcome = await worker.run(key, ensureJob(backend.endpoint.port), { signal });
  assert.ok(outcome.kind === "served", JSON.stringify(outcome));
  const [{ address = "" } = {}] = outcome.served.addresses;
  assert.deepEqual(ledger.held(key), [address]);
  assert.equal(await ask(address, 18_260), "a");
  const listed = await worker.run("list", { kind: "list" }, { signal });
  assert.ok(listed.kind === "listed");
  assert.deepEqual(listed.served.map(({ key }) => key), [key]);
  const removed = await worker.run(key, { kind: "remove", key }, { signal });
  assert.equal(removed.kind, "removed");
  assert.equal(await ask(address, 18_260), undefined);
  await worker.drain(signal);
});

Deno.test("the worker plans on the newest nodes", async () => {
  await using worker = pool();
  const run = async () => (await worker.run(key, ensureJob(1), { signal })).kind;
  assert.equal(await run(), "failed");
  worker.broadcast("plan-nodes", [{ name: "a", up: true, eligible: true }]);
  assert.equal(await run(), "served");
  worker.broadcast("plan-nodes", [{ name: "a", up: true, eligible: false }]);
  assert.equal(await run(), "failed");
  await worker.drain(signal);
});

Deno.test("the worker reaches nothing beyond its permissions", async () => {
  await using worker = pool({ permissions: "none" });
  worker.broadcast("plan-nodes", [{ name: "a", up: true, eligible: true }]);
  const outcome = await worker.run(key, ensureJob(1), { signal });
  assert.ok(outcome.kind === "failed");
  assert.equal(outcome.errorKind, "forbidden");
  await worker.drain(signal);
});

Deno.test("the worker keeps logs in the one directory that it may write to", async () => {
  const folder = await Deno.makeTempDir({ prefix: "berth-" });
  const edge = new FakeEdge("one");
  {
    await using socket = new EngineSocket(`${folder}/engine.sock`, edge.engine);
    for (const [directory, granted] of [["logs", "logs"], ["closed", "logs"]] as const) {
      const logs = `${folder}/${directory}`;
      await using worker = pool({
        init: { ...init, planes: ["envoy"], socketPath: socket.path, envoy: { logs } },
        permissions: workerPermissions(socket.path, `${folder}/${granted}`),
      });
      worker.broadcast("plan-nodes", [{ name: "a", up: true, eligible: true }]);
      const outcome = await worker.run(key, ensureJob(1, "envoy"), { signal });
      assert.equal(outcome.kind, "served", JSON.stringify(outcome));
      edge.engine.print("berth-one-ns-web", "text of Envoy\n");
      await worker.run(key, { kind: "remove", key }, { signal });
      await worker.drain(signal);
    }
  }
  const [file, ...more] = [...Deno.readDirSync(`${folder}/logs`)].map(({ name }) => name);
  assert.match(file ?? "", /^berth-one-ns-web-\d+T\d+\.\d+Z\.log$/);
  assert.deepEqual(more, []);
  assert.equal(await Deno.readTextFile(`${folder}/logs/${file}`), "text of Envoy\n");
  const { mode } = await Deno.stat(`${folder}/logs/${file}`);
  if (Deno.build.os !== "windows") assert.equal((mode ?? 0) & 0o777, 0o600);
  await assert.rejects(Deno.stat(`${folder}/closed`), Deno.errors.NotFound);
  assert.deepEqual(await edge.made(), []);
  await Deno.remove(folder, { recursive: true });
});
