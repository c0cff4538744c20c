import assert from "assert";
import { systemClock } from "../../../../lib/core/mod.ts";
import { createWorkerPool } from "../../../../lib/dispatch/mod.ts";
import type { Served } from "../../../../lib/planes/types.ts";
import type { Listener, ProxySpec } from "../../../../lib/proxy/types.ts";
import { openFlow } from "../../../fakes/local_client.ts";
import { ownLoopback } from "../../../fakes/own_loopback.ts";
import { startNamedBackend } from "../../../fakes/named_backend.ts";

Deno.test("createEmbeddedPlane() serves from a Worker that may use loopback alone", async () => {
  await using backend = await startNamedBackend("a");
  const { signal } = new AbortController();
  await using pool = createWorkerPool<ProxySpec, Served>({
    entry: new URL("../../../fixtures/workers/plane_worker.ts", import.meta.url),
    ...{ name: "plane", size: 1, init: null, clock: systemClock, deadlineMs: 20_000 },
    permissions: { net: ["127.0.0.0/8"] },
  });
  const listener = (protocol: "TCP" | "UDP"): Listener => ({
    ...{ address: ownLoopback(5), family: "IPv4", protocol, port: 18_111, sourceRanges: [] },
    ...{ closed: false, affinity: "none", endpoints: [backend.endpoint] },
  });
  const listeners = [listener("TCP"), listener("UDP")];
  const spec = { key: "k", addresses: [ownLoopback(5)], listeners, announcers: [] };
  const served = await pool.run("k", spec, { signal });
  assert.deepEqual(served.addresses, [{ address: ownLoopback(5) }]);
  for (const target of listeners) {
    await using flow = await openFlow(target);
    assert.equal(await flow.ask(), "a");
  }
  await pool.drain(signal);
});
