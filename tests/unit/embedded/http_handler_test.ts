import assert from "assert";
import { Encoder } from "../../../lib/embedded/encoder.ts";
import type { Fault } from "../../../lib/embedded/faults.ts";
import { makeHandler } from "../../../lib/embedded/http_handler.ts";
import { RegistryBed } from "../../fakes/registry_bed.ts";

function handler(fault?: Fault) {
  const waits: number[] = [];
  const seen: string[] = [];
  const { registry } = new RegistryBed();
  const handle = makeHandler({
    server: {
      registry,
      encoder: new Encoder(() => 0),
      streams: new Set(),
      logs: { read: () => undefined },
    },
    fault: (request) => {
      seen.push(
        `${request.method} ${request.resource} ${request.namespace} ${request.name} ${request.watch}`,
      );
      return fault;
    },
    wait: (ms) => Promise.resolve(void waits.push(ms)),
  });
  return { get: (path: string) => handle(new Request(`http://x${path}`)), handle, waits, seen };
}

Deno.test("the handler tells the injector what is asked", async () => {
  const { get, seen } = handler();
  await get("/apis/apps/v1/namespaces/n/deployments/w");
  await get("/version");
  assert.deepEqual(seen, ["GET apps/deployments n w false", "GET  undefined undefined false"]);
});

Deno.test("faults replace the answer or delay it", async () => {
  const busy = await handler({ kind: "status", code: 429, retryAfterSeconds: 3 }).get(
    "/api/v1/nodes",
  );
  assert.deepEqual([busy.status, busy.headers.get("retry-after")], [429, "3"]);
  assert.equal((await busy.json()).reason, "TooManyRequests");
  const garbled = await handler({ kind: "garbage" }).get("/api/v1/nodes");
  assert.match(await garbled.text(), /^<html>/);
  const slow = handler({ kind: "slow", ms: 7 });
  assert.equal((await slow.get("/api/v1/nodes")).status, 200);
  assert.deepEqual(slow.waits, [7]);
  assert.equal((await handler({ kind: "expired" }).get("/api/v1/nodes")).status, 410);
});

Deno.test("unknown paths, methods and defects are answered with a Status", async () => {
  const { get, handle } = handler();
  assert.equal((await get("/nope")).status, 404);
  assert.equal(
    (await handle(new Request("http://x/api/v1/nodes", { method: "OPTIONS" }))).status,
    405,
  );
  const broken = makeHandler({
    server: {
      registry: new RegistryBed().registry,
      encoder: new Encoder(() => 0),
      streams: new Set(),
      logs: { read: () => undefined },
    },
    fault: () => {
      throw new Error("defect");
    },
    wait: () => Promise.resolve(),
  });
  const answer = await broken(new Request("http://x/version"));
  assert.equal(answer.status, 500);
  assert.equal((await answer.json()).reason, "InternalError");
});
