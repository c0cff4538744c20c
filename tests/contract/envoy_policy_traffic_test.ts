import assert from "assert";
import type { Cors, Forward } from "../../lib/proxy/types.ts";
import { forwardTo, matchOf, ruleWith, shareOf } from "../fakes/route_parts.ts";
import { httpBackend } from "./envoy/backends.ts";
import { type Answer, ask, askTimes, seenBy, tally } from "./envoy/clients.ts";
import { served, withTraffic } from "./envoy/traffic_bed.ts";

const prefix = (value: string) => matchOf({ path: { kind: "prefix", value } });

withTraffic("ends requests that take too long with 504", async (bed) => {
  await using slow = httpBackend("slow", { delayMs: 400 });
  const limited = (path: string, part: Partial<Forward>) =>
    ruleWith({
      match: prefix(path),
      action: forwardTo({ split: [shareOf("slow")], ...part }),
    });
  const retry = { attempts: 2, codes: [], backoffMs: 1 };
  await bed.serve([
    limited("/request", { timeoutMs: 100 }),
    limited("/backend", { backendTimeoutMs: 100 }),
    limited("/each", { backendTimeoutMs: 100, timeoutMs: 2000, retry }),
    limited("/never", { timeoutMs: 0, backendTimeoutMs: 0 }),
    limited("/absent", {}),
  ], [served([slow])]);
  const cases = [
    ["/request", 504, 1],
    ["/backend", 504, 1],
    ["/each", 504, 3],
    ["/never", 200, 1],
    ["/absent", 200, 1],
  ] as const;
  for (const [path, status, tries] of cases) {
    slow.seen.length = 0;
    assert.equal((await ask(bed.port, { path })).status, status, path);
    assert.equal(slow.seen.length, tries, path);
  }
});

const retries = [
  { name: "until one is good", fails: 2, code: 500, attempts: 3, status: 200, tries: 3 },
  { name: "no more than it may", fails: 9, code: 500, attempts: 2, status: 500, tries: 3 },
  { name: "not for other codes", fails: 9, code: 503, attempts: 2, status: 503, tries: 1 },
] as const;

for (const { name, fails, code, attempts, status, tries } of retries) {
  withTraffic(`tries again ${name}`, async (bed) => {
    await using cart = httpBackend("cart", { status: (count) => count <= fails ? code : 200 });
    const retry = { attempts, codes: [500], backoffMs: 1 };
    await bed.serve([ruleWith({ action: forwardTo({ retry }) })], [served([cart])]);
    assert.equal((await ask(bed.port)).status, status);
    assert.equal(cart.seen.length, tries);
  });
}

withTraffic("goes to another endpoint when one does not answer the phone", async (bed) => {
  await using cart = httpBackend("cart");
  const dead = { name: "dead", endpoint: { address: "127.0.0.1", port: 1 } };
  const backend = served([cart, { ...dead, [Symbol.asyncDispose]: () => Promise.resolve() }]);
  await bed.serve([ruleWith()], [backend]);
  const statuses = (await askTimes(bed.port, 10)).map(({ status }) => status);
  assert.deepEqual([...tally(statuses).keys()], [200]);
});

withTraffic("mirrors all or a part, with edited headers and the same Host", async (bed) => {
  await using cart = httpBackend("cart");
  await using all = httpBackend("all");
  await using third = httpBackend("third");
  await using none = httpBackend("none");
  const mirror = (backend: string, numerator: number) => ({ backend, numerator, denominator: 3 });
  const action = forwardTo({
    mirrors: [mirror("all", 3), mirror("third", 1), mirror("none", 0)],
    requestHeaders: { set: [{ name: "x-a", value: "1" }], add: [], remove: [] },
  });
  await bed.serve([ruleWith({ action })], [
    ...[all, cart, none, third].map((one) => served([one])),
  ]);
  const times = 150;
  const answers = await askTimes(bed.port, times);
  assert.ok(answers.every((answer) => seenBy(answer).backend === "cart"));
  await until(() => all.seen.length === times);
  assert.deepEqual(
    [...tally(all.seen.map(({ headers }) => `${headers.host} ${headers["x-a"]}`)).keys()],
    ["a.example 1"],
  );
  assert.ok(third.seen.length > 25 && third.seen.length < 80, `${third.seen.length} of a third`);
  assert.equal(none.seen.length, 0);
});

const cors: Cors = {
  origins: ["https://a.example", "https://*.b.example"],
  methods: ["PUT", "GET"],
  headers: ["x-a"],
  exposeHeaders: ["x-b"],
  credentials: true,
  maxAgeSeconds: 60,
};

withTraffic("answers CORS preflights by itself", async (bed) => {
  await using cart = httpBackend("cart");
  const match = matchOf({ method: "PUT" });
  const anything = { ...open(), credentials: true };
  await bed.serve([
    ruleWith({ match: prefix("/open"), cors: open() }),
    ruleWith({ match: prefix("/anything"), cors: anything }),
    ruleWith({ match, cors }),
  ], [served([cart])]);
  for (const origin of ["https://a.example", "https://x.y.b.example"]) {
    const answer = await ask(bed.port, preflight(origin));
    assert.equal(answer.headers["access-control-allow-origin"], origin);
    assert.equal(answer.headers["access-control-allow-methods"], "PUT, GET");
    assert.equal(answer.headers["access-control-allow-headers"], "x-a");
    assert.equal(answer.headers["access-control-expose-headers"], "x-b");
    assert.equal(answer.headers["access-control-max-age"], "60");
    assert.equal(answer.headers["access-control-allow-credentials"], "true");
  }
  for (const origin of ["https://b.example", "http://a.example", "https://a.example.evil"]) {
    const answer = await ask(bed.port, preflight(origin));
    assert.equal(answer.headers["access-control-allow-origin"], undefined, origin);
    assert.equal(answer.body, "");
  }
  assert.equal(cart.seen.length, 0);
  const put = { method: "PUT", headers: { origin: "https://a.example" } };
  const simple = await ask(bed.port, put);
  assert.equal(simple.status, 200);
  assert.equal(simple.headers["access-control-allow-origin"], "https://a.example");
  assert.equal(simple.headers["access-control-expose-headers"], "x-b");
  const anyone = await ask(bed.port, { path: "/open", ...preflight("https://z.example") });
  assert.ok(
    ["*", "https://z.example"].includes(String(anyone.headers["access-control-allow-origin"])),
  );
  assert.equal(anyone.headers["access-control-allow-credentials"], undefined);
  const { method, headers } = preflight("https://z.example");
  const asked = { ...headers, "access-control-request-headers": "x-1, x-2" };
  const echoed = await ask(bed.port, { path: "/anything", method, headers: asked });
  assert.equal(echoed.headers["access-control-allow-origin"], "https://z.example");
  assert.equal(echoed.headers["access-control-allow-methods"], "PUT");
  assert.equal(echoed.headers["access-control-allow-headers"], "x-1, x-2");
});

withTraffic("keeps sessions in cookies", async (bed) => {
  await using a = httpBackend("a");
  await using b = httpBackend("b");
  await using other = httpBackend("other");
  const persistence = { kind: "cookie", name: "cart", ttlSeconds: 60 } as const;
  const split = [shareOf("a"), shareOf("other")];
  await bed.serve([ruleWith({ action: forwardTo({ split, persistence }) })], [
    served([a, b]),
    served([other]),
  ]);
  const drawn = tally((await askTimes(bed.port, 60)).map((answer) => seenBy(answer).backend));
  assert.equal(drawn.size, 3);
  const part = drawn.get("other") ?? 0;
  assert.ok(part > 12 && part < 48, `${part} of 60 for a half`);
  for (let session = 0; session < 6; session++) {
    const first = await ask(bed.port);
    const { backend } = seenBy(first);
    const cookie = cookiesOf(first);
    assert.match(cookie, /cart=/);
    const answers = await askTimes(bed.port, 5, { headers: { cookie } });
    assert.deepEqual([...tally(answers.map((answer) => seenBy(answer).backend))], [[backend, 5]]);
  }
});

withTraffic("keeps sessions in headers", async (bed) => {
  await using a = httpBackend("a");
  await using b = httpBackend("b");
  const persistence = { kind: "header", name: "x-session" } as const;
  await bed.serve([
    ruleWith({ match: prefix("/s"), action: forwardTo({ split: [shareOf("a")], persistence }) }),
    ruleWith({ action: forwardTo({ split: [shareOf("a")] }) }),
  ], [served([a, b])]);
  const first = await ask(bed.port, { path: "/s" });
  const session = String(first.headers["x-session"]);
  const question = { path: "/s", headers: { "x-session": session } };
  const answers = await askTimes(bed.port, 6, question);
  const { backend } = seenBy(first);
  assert.deepEqual([...tally(answers.map((answer) => seenBy(answer).backend))], [[backend, 6]]);
  const free = await askTimes(bed.port, 6);
  assert.equal(tally(free.map((answer) => seenBy(answer).backend)).size, 2);
  assert.ok(free.every(({ headers }) => headers["x-session"] === undefined));
});

withTraffic("chooses by the client's address", async (bed) => {
  await using a = httpBackend("a");
  await using b = httpBackend("b");
  await bed.serve([ruleWith({ action: forwardTo({ split: [shareOf("a")] }) })], [
    served([a, b], { affinity: "client-ip" }),
  ]);
  const answers = await askTimes(bed.port, 8);
  assert.equal(tally(answers.map((answer) => seenBy(answer).backend)).size, 1);
});

function open(): Cors {
  return { ...cors, origins: ["*"], methods: ["*"], headers: ["*"], credentials: false };
}

function preflight(origin: string) {
  const headers = { origin, "access-control-request-method": "PUT" };
  return { method: "OPTIONS", headers };
}

function cookiesOf(answer: Answer): string {
  const set = answer.headers["set-cookie"];
  const lines = typeof set === "string" ? [set] : set ?? [];
  return lines.map((line) => line.split(";")[0]).join("; ");
}

async function until(done: () => boolean): Promise<void> {
  while (!done()) await new Promise((resolve) => setTimeout(resolve, 5));
}
