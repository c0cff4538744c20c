import assert from "assert";
import { serveHealth } from "../../../lib/monitor/mod.ts";

const host = "127.0.0.1";

Deno.test("serveHealth() answers probes and scrapers, and nothing else", async () => {
  let problem: string | undefined;
  await using server = serveHealth({ host, port: 0 }, {
    unhealthy: () => problem === "dead" ? problem : undefined,
    unready: () => problem,
    metrics: () => Promise.resolve("berth_up 1\n"),
  });
  const ask = async (path: string, method = "GET") => {
    const response = await fetch(`http://${host}:${server.port}${path}`, { method });
    return `${response.status} ${(await response.text()).trim()}`;
  };
  assert.equal(await ask("/healthz"), "200 ok");
  assert.equal(await ask("/readyz"), "200 ok");
  assert.equal(await ask("/metrics"), "200 berth_up 1");
  problem = "the API server is out of reach";
  assert.equal(await ask("/readyz"), `503 ${problem}`);
  assert.equal(await ask("/livez"), "200 ok");
  problem = "dead";
  assert.equal(await ask("/healthz"), "503 dead");
  assert.match(await ask("/"), /^404 /);
  assert.equal(await ask("/healthz", "POST"), "405 use GET");
  assert.equal(await ask("/healthz", "HEAD"), "503 ");
});

Deno.test("serveHealth() says what to do about a port that is taken", async () => {
  const facts = {
    unhealthy: () => undefined,
    unready: () => undefined,
    metrics: () => Promise.resolve(""),
  };
  await using server = serveHealth({ host, port: 0 }, facts);
  assert.throws(
    () => serveHealth({ host, port: server.port }, facts),
    /choose another --bind-address or --secure-port/,
  );
});
