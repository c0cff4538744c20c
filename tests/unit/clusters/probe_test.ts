import assert from "assert";
import { errorKind } from "../../../lib/core/mod.ts";
import { httpsProbe } from "../../../lib/clusters/probe.ts";
import { parseAdminConf } from "../../../lib/clusters/kubeconfig.ts";
import { adminConf, pem } from "../../fakes/admin_conf.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";

interface TlsBed extends AsyncDisposable {
  readonly server: string;
}

function serve(cert: string, handler: Deno.ServeHandler): TlsBed {
  const server = Deno.serve({
    port: 0,
    hostname: "127.0.0.1",
    cert: pem(cert),
    key: pem("server.key"),
    onListen: () => {},
  }, handler);
  return {
    server: `https://127.0.0.1:${server.addr.port}`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

function options(ca = "ca.pem") {
  return { credentials: parseAdminConf(adminConf({ ca })), signal: new AbortController().signal };
}

Deno.test("httpsProbe() resolves with any HTTP answer", async () => {
  await using bed = serve(
    "server.pem",
    (request) => new Response(new URL(request.url).pathname, { status: 503 }),
  );
  const answer = await httpsProbe()(bed.server, options());
  assert.deepEqual(answer, { status: 503, body: "/version" });
});

Deno.test("httpsProbe() follows no redirect and reads only the beginning of a body", async () => {
  await using bed = serve(
    "server.pem",
    () => new Response("x".repeat(100_000), { status: 302, headers: { location: "/else" } }),
  );
  const { status, body } = await httpsProbe()(bed.server, options());
  assert.deepEqual([status, body.length], [302, 16_384]);
});

Deno.test("httpsProbe() trusts the cluster's CA and no expired certificate", async () => {
  const rows = [["server.pem", "other_ca.pem"], ["server_expired.pem", "ca.pem"]] as const;
  for (const [cert, ca] of rows) {
    await using bed = serve(cert, () => new Response("answer"));
    const outcome = await httpsProbe()(bed.server, options(ca)).then(() => "answer", String);
    assert.match(outcome, /failed/, cert);
  }
});

Deno.test("httpsProbe() gives up after 2 s", async () => {
  const silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const clock = new FakeClock();
  const server = `https://127.0.0.1:${silent.addr.port}`;
  const outcome = httpsProbe(clock)(server, options()).then(() => "answer", errorKind);
  const conn = await silent.accept();
  await clock.advance(2_000);
  assert.equal(await outcome, "timeout");
  assert.equal(clock.sleeping, 0);
  conn.close();
  silent.close();
});

Deno.test({
  name: "httpsProbe() does not ask a person for permission",
  permissions: { net: ["127.0.0.1"], read: true, env: true },
  fn: async () => {
    const outcome = httpsProbe()("https://one-control-plane:6443", options());
    assert.match(await outcome.then(() => "answer", String), /no net permission for one-control/);
  },
});
