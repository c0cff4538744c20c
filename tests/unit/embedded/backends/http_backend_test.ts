import assert from "assert";
import { greeting, listenHttp } from "../../../../lib/embedded/backends/http_backend.ts";
import { LogBuffer } from "../../../../lib/embedded/backends/log_buffer.ts";

const POD = { uid: "u", namespace: "n", name: "web-1", nodeName: "node-1", ports: [] };

Deno.test("an HTTP backend says who answered whom and logs it", async () => {
  const log = new LogBuffer();
  const listener = listenHttp({ pod: POD, hostname: "127.0.0.1", port: 0, log });
  const text = await (await fetch(`http://127.0.0.1:${listener.port}/path?q`)).text();
  assert.equal(text, greeting(POD, "127.0.0.1"));
  assert.equal(text, "pod web-1 on node-1 says hello to 127.0.0.1\n");
  assert.deepEqual(log.lines(), ["GET /path from 127.0.0.1"]);
  await listener.close();
  await assert.rejects(fetch(`http://127.0.0.1:${listener.port}/`));
});
