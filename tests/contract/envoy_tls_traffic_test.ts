import assert from "assert";
import type { Chain, DownstreamTls, UpstreamTls } from "../../lib/proxy/types.ts";
import { Authority, type KeyPair } from "../e2e/bed/certificates.ts";
import {
  chainOf,
  forwardTo,
  matchOf,
  rawChain,
  ruleWith,
  shareOf,
  tcpPort,
} from "../fakes/route_parts.ts";
import { type Backend, httpBackend, verifyingBackend } from "./envoy/backends.ts";
import { ask, askTls, Http2Client, seenBy } from "./envoy/clients.ts";
import { served, type TrafficBed, withTraffic } from "./envoy/traffic_bed.ts";

const alpn = ["h2", "http/1.1"];

function certificateOf(name: string, pair: KeyPair) {
  return { name, certificate: pair.cert, privateKey: pair.key };
}

function chain(name: string, certificate: string, part: Partial<Chain> = {}): Chain {
  const hosts = [{ domains: [name], rules: [ruleWith()] }];
  return chainOf(hosts, {
    name,
    serverNames: [name],
    tls: { certificates: [certificate], alpn },
    ...part,
  });
}

withTraffic("ends TLS for each server name, and answers 421 for others' hosts", async (bed) => {
  await using ca = await Authority.create();
  await using cart = httpBackend("cart");
  const misdirected = ruleWith({ action: { kind: "respond", status: 421 } });
  const chains = [
    chainOf([
      { domains: ["a.shop.test"], rules: [ruleWith()] },
      { domains: ["*.shop.test"], rules: [misdirected] },
    ], { name: "a", serverNames: ["a.shop.test"], tls: { certificates: ["a"], alpn } }),
    chainOf([
      { domains: ["*.shop.test"], rules: [ruleWith()] },
      { domains: ["a.shop.test"], rules: [misdirected] },
    ], { name: "any", serverNames: ["*.shop.test"], tls: { certificates: ["any"], alpn } }),
  ];
  await bed.load({
    ports: [tcpPort(chains, { port: bed.port })],
    backends: [served([cart])],
    certificates: [
      certificateOf("a", await ca.issue("a.shop.test")),
      certificateOf("any", await ca.issue("*.shop.test")),
    ],
  });
  const cases = [
    ["a.shop.test", "a.shop.test", 200],
    ["a.shop.test", "b.shop.test", 421],
    ["b.shop.test", "b.shop.test", 200],
    ["b.shop.test", "a.shop.test", 421],
    ["b.shop.test", "other.test", 404],
  ] as const;
  for (const [servername, authority, status] of cases) {
    await using client = new Http2Client(bed.port, { servername, ca: ca.cert });
    const name = `${servername} ${authority}`;
    assert.equal((await client.ask(`${authority}:${bed.port}`)).status, status, name);
    const headers = { host: authority };
    const answer = await askTls(bed.port, { servername, ca: ca.cert }, { headers });
    assert.equal(answer.status, status, name);
  }
  await assert.rejects(askTls(bed.port, { servername: "other.test", ca: ca.cert }));
});

withTraffic("takes new certificates while it runs", async (bed) => {
  await using old = await Authority.create("old");
  await using young = await Authority.create("young");
  await using cart = httpBackend("cart");
  const load = async (ca: Authority) =>
    await bed.load({
      ports: [tcpPort([chain("a.example", "a")], { port: bed.port })],
      backends: [served([cart])],
      certificates: [certificateOf("a", await ca.issue("a.example"))],
    });
  await load(old);
  assert.equal((await askTls(bed.port, { servername: "a.example", ca: old.cert })).status, 200);
  await load(young);
  await until(async () => {
    const answer = await askTls(bed.port, { servername: "a.example", ca: young.cert })
      .catch(() => undefined);
    return answer?.status === 200;
  });
});

withTraffic("serves the others where one certificate is bad", async (bed) => {
  await using ca = await Authority.create();
  await using cart = httpBackend("cart");
  const good = certificateOf("a", await ca.issue("a.example"));
  const other = await ca.issue("b.example");
  const mixed = { cert: other.cert, key: good.privateKey };
  const garbage = { cert: other.cert.replace(/[A-Z]{3}/, "???"), key: other.key };
  for (const pair of [mixed, garbage, { cert: "", key: "" }]) {
    const chains = [chain("b.example", "b"), chain("a.example", "a")];
    await bed.load({
      ports: [tcpPort(chains, { port: bed.port })],
      backends: [served([cart])],
      certificates: [good, certificateOf("b", pair)],
    }, { mayRefuse: "sds" });
    assert.equal((await askTls(bed.port, { servername: "a.example", ca: ca.cert })).status, 200);
    await assert.rejects(askTls(bed.port, { servername: "b.example", ca: ca.cert }));
  }
});

for (const mode of ["require", "insecure-fallback"] as const) {
  withTraffic(`checks certificates of clients: ${mode}`, async (bed) => {
    await using ca = await Authority.create("servers");
    await using clients = await Authority.create("clients");
    await using foreign = await Authority.create("foreign");
    await using cart = httpBackend("cart");
    const tls: DownstreamTls = {
      certificates: ["a"],
      alpn,
      client: { authority: "clients", mode },
    };
    await bed.load({
      ports: [tcpPort([chain("a.example", "a", { tls })], { port: bed.port })],
      backends: [served([cart])],
      certificates: [certificateOf("a", await ca.issue("a.example"))],
      authorities: [{ name: "clients", certificates: clients.cert }],
    });
    const status = async (pair?: KeyPair) => {
      const own = pair === undefined ? {} : pair;
      const tls = { servername: "a.example", ca: ca.cert, ...own };
      return (await askTls(bed.port, tls).catch(() => undefined))?.status;
    };
    const found = [
      await status(await clients.issue("me.example")),
      await status(await foreign.issue("me.example")),
      await status(),
    ];
    const others = mode === "require" ? undefined : 200;
    assert.deepEqual(found, [200, others, others]);
  });
}

withTraffic("passes TLS through by server name, beside chains where it ends", async (bed) => {
  await using ca = await Authority.create("ours");
  await using theirs = await Authority.create("theirs");
  await using cart = httpBackend("cart");
  await using own = httpBackend("own", { tls: await theirs.issue("through.example") });
  const chains = [
    chain("a.example", "a"),
    rawChain([shareOf("own")], { serverNames: ["through.example"], peek: true }),
  ];
  await bed.load({
    ports: [tcpPort(chains, { port: bed.port })],
    backends: [served([cart]), served([own], { protocol: "tcp" })],
    certificates: [certificateOf("a", await ca.issue("a.example"))],
  });
  const through = await askTls(bed.port, { servername: "through.example", ca: theirs.cert });
  assert.equal(seenBy(through).backend, "own");
  const ended = await askTls(bed.port, { servername: "a.example", ca: ca.cert });
  assert.equal(seenBy(ended).backend, "cart");
  await assert.rejects(askTls(bed.port, { servername: "other.example", ca: ca.cert }));
});

const upstreams: readonly { what: string; tls: Partial<UpstreamTls>; status: number }[] = [
  { what: "its host name", tls: {}, status: 200 },
  { what: "another host name", tls: { hostname: "other.example" }, status: 503 },
  {
    what: "another host name but one of its names",
    tls: {
      hostname: "other.example",
      names: [{ kind: "uri", value: "spiffe://x" }, { kind: "dns", value: "b.example" }],
    },
    status: 200,
  },
  { what: "another name", tls: { names: [{ kind: "dns", value: "other.example" }] }, status: 503 },
  { what: "another authority", tls: { authority: "foreign" }, status: 503 },
  { what: "an authority that is not known", tls: { authority: "unknown" }, status: 500 },
];

for (const { what, tls, status } of upstreams) {
  withTraffic(`speaks TLS to a backend of which is expected ${what}: ${status}`, async (bed) => {
    await using ca = await Authority.create("ours");
    await using foreign = await Authority.create("foreign");
    await using cart = httpBackend("cart", { tls: await ca.issue("b.example") });
    await loadUpstream(bed, { cart, tls, authorities: { ours: ca, foreign } });
    assert.equal((await ask(bed.port)).status, status);
  });
}

withTraffic("shows backends its certificate", async (bed) => {
  await using ca = await Authority.create();
  await using cart = await verifyingBackend("cart", {
    pair: await ca.issue("b.example"),
    ca: ca.cert,
  });
  const certificates = [certificateOf("me", await ca.issue("me.example"))];
  await loadUpstream(
    bed,
    { cart, tls: { certificate: "me" }, authorities: { ours: ca } },
    certificates,
  );
  assert.equal((await ask(bed.port)).status, 200);
  await loadUpstream(bed, { cart, tls: {}, authorities: { ours: ca } });
  assert.equal((await ask(bed.port)).status, 503);
});

async function loadUpstream(
  bed: TrafficBed,
  to: { cart: Backend; tls: Partial<UpstreamTls>; authorities: Record<string, Authority> },
  certificates: ReturnType<typeof certificateOf>[] = [],
): Promise<void> {
  const tls = { hostname: "b.example", names: [], authority: "ours", ...to.tls };
  const rule = ruleWith({ match: matchOf(), action: forwardTo() });
  const hosts = [{ domains: ["*"], rules: [rule] }];
  await bed.load({
    ports: [tcpPort([chainOf(hosts)], { port: bed.port })],
    backends: [served([to.cart], { tls })],
    certificates,
    authorities: Object.entries(to.authorities).map(([name, { cert }]) => ({
      name,
      certificates: cert,
    })),
  });
}

async function until(done: () => Promise<boolean>): Promise<void> {
  while (!(await done())) await new Promise((resolve) => setTimeout(resolve, 5));
}
