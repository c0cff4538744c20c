import assert from "assert";
import { serveHealth } from "../../../lib/monitor/mod.ts";

const host = "127.0.0.1";
const facts = {
  unhealthy: () => undefined,
  unready: () => undefined,
  metrics: () => Promise.resolve(""),
};

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
  await using server = serveHealth({ host, port: 0 }, facts);
  assert.throws(
    () => serveHealth({ host, port: server.port }, facts),
    /choose another --bind-address or --secure-port/,
  );
});

Deno.test("serveHealth() answers in both families at ::", async () => {
  await using server = serveHealth({ host: "::", port: 0 }, facts);
  for (const at of ["127.0.0.1", "[::1]"]) {
    const response = await fetch(`http://${at}:${server.port}/healthz`);
    assert.equal(await response.text(), "ok\n", at);
  }
});

Deno.test("serveHealth() takes IPv4 alone where the machine has no IPv6", async () => {
  const tried: string[] = [];
  await using _server = serveHealth({ host: "::", port: 0 }, facts, (options, handler) => {
    tried.push(options.hostname);
    // EAFNOSUPPORT
    if (options.hostname === "::") throw new Error("Address family not supported by protocol");
    return Deno.serve({ ...options, hostname: host }, handler);
  });
  assert.deepEqual(tried, ["::", "0.0.0.0"]);
});

Deno.test("serveHealth() does not hide a taken port, or a missing right, behind the other family", () => {
  const { AddrInUse, NotCapable } = Deno.errors;
  for (
    const [Refusal, words] of [[AddrInUse, /choose/], [NotCapable, /allow-net=\[::\]:9,/]] as const
  ) {
    const tried: string[] = [];
    const refuse = ({ hostname }: { readonly hostname: string }) => {
      tried.push(hostname);
      throw new Refusal("no");
    };
    assert.throws(() => serveHealth({ host: "::", port: 9 }, facts, refuse), words);
    assert.deepEqual(tried, ["::"]);
  }
});
