import assert from "assert";
import { tunnelledPool } from "../../../../lib/cli/app/tunnelled_pool.ts";
import type { WorkerPool } from "../../../../lib/dispatch/mod.ts";
import type { Job, Outcome } from "../../../../lib/dispatch/types.ts";

const { signal } = new AbortController();

Deno.test("tunnelledPool() leads what is served, and drops what is removed", async () => {
  const outcomes: Outcome[] = [];
  const told: string[] = [];
  const inner: WorkerPool<Job, Outcome> = {
    run: () => Promise.resolve(outcomes.shift() ?? { kind: "listed", served: [] }),
    broadcast: (topic) => void told.push(topic),
    workerOf: () => 3,
    warm: () => void told.push("warm"),
    drain: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  const pool = tunnelledPool(inner, {
    follow: ({ key }) => void told.push(`follow ${key}`),
    drop: (key) => void told.push(`drop ${key}`),
  });
  const served = { key: "c/ns/web", addresses: [], warnings: [] };
  const remove: Job = { kind: "remove", key: "c/ns/web" };
  outcomes.push({ kind: "served", served, plane: "envoy", events: [], stages: {} });
  await pool.run("c/ns/web", { ...remove }, { signal });
  outcomes.push({ kind: "removed", stages: {} });
  await pool.run("c/ns/web", remove, { signal });
  await pool.run("list", { kind: "list" }, { signal });
  const ingress = { kind: "ingress", problems: [], statuses: [], stages: {} } as const;
  const job = { ...remove, kind: "ingress" } as unknown as Job;
  outcomes.push({ ...ingress, failure: { errorKind: "timeout", message: "later" } });
  await pool.run("c/ingress", job, { signal });
  outcomes.push(ingress);
  await pool.run("c/ingress", job, { signal });
  pool.broadcast("nodes", []);
  pool.warm();
  assert.deepEqual(told, [
    ...["follow c/ns/web", "drop c/ns/web", "drop c/ns/web", "nodes", "warm"],
  ]);
  assert.equal(pool.workerOf("x"), 3);
});
