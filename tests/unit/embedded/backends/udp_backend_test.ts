import assert from "assert";
import { LogBuffer } from "../../../../lib/embedded/backends/log_buffer.ts";
import { listenUdp } from "../../../../lib/embedded/backends/udp_backend.ts";
import { askUdp } from "../../../fakes/udp_client.ts";

const POD = { uid: "u", namespace: "n", name: "dns-1", nodeName: "node-1", ports: [] };

Deno.test("a UDP backend echoes with its name in front", async () => {
  const log = new LogBuffer();
  const listener = await listenUdp({ pod: POD, hostname: "127.0.0.1", port: 0, log });
  assert.equal(await askUdp("127.0.0.1", listener.port, "ping"), "dns-1: ping");
  assert.deepEqual(log.lines(), ["datagram of 4 bytes from 127.0.0.1"]);
  const taken = listenUdp({ pod: POD, hostname: "127.0.0.1", port: listener.port, log });
  await assert.rejects(taken, { code: "EADDRINUSE" });
  await listener.close();
});
