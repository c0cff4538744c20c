import assert from "assert";
import { chainOf, forwardTo, matchOf, ruleWith, shareOf, tcpPort } from "../fakes/route_parts.ts";
import type { PathEdit, Redirect, Rule, Share } from "../../lib/proxy/types.ts";
import { httpBackend } from "./envoy/backends.ts";
import { ask, askTimes, Http2Client, rawHttp, seenBy, tally } from "./envoy/clients.ts";
import { served, withTraffic } from "./envoy/traffic_bed.ts";

const prefix = (value: string) => matchOf({ path: { kind: "prefix", value } });

withTraffic("rewrites paths and hosts", async (bed) => {
  await using cart = httpBackend("cart");
  const rewriting = (from: string, path: PathEdit) =>
    ruleWith({ match: prefix(from), action: forwardTo({ rewrite: { path } }) });
  const rules: Rule[] = [
    rewriting("/strip.me", { kind: "prefix", value: "/" }),
    rewriting("/empty", { kind: "prefix", value: "" }),
    rewriting("/outer", { kind: "prefix", value: "/inner/" }),
    rewriting("/full", { kind: "full", value: "/one" }),
    ruleWith({
      match: prefix("/host"),
      action: forwardTo({ rewrite: { hostname: "inner.example" } }),
    }),
    rewriting("/", { kind: "prefix", value: "/all" }),
  ];
  await bed.serve(rules, [served([cart])]);
  const cases = [
    ["/strip.me", "/"],
    ["/strip.me/", "/"],
    ["/strip.me/three?q=1", "/three?q=1"],
    ["/stripXme", "/all/stripXme"],
    ["/strip.menot", "/all/strip.menot"],
    ["/empty/x", "/x"],
    ["/outer", "/inner"],
    ["/outer/", "/inner/"],
    ["/outer/x/y?z", "/inner/x/y?z"],
    ["/full/x?q=1", "/one?q=1"],
    ["/", "/all/"],
    ["/x", "/all/x"],
  ] as const;
  for (const [path, expected] of cases) {
    assert.equal(seenBy(await ask(bed.port, { path })).path, expected, path);
  }
  assert.equal(seenBy(await ask(bed.port, { path: "/host" })).headers.host, "inner.example");
});

withTraffic("gives backends the Host and the client as they are", async (bed) => {
  await using cart = httpBackend("cart");
  await bed.serve([ruleWith()], [served([cart])]);
  const headers = {
    host: "a.example:8443",
    "x-forwarded-for": "1.2.3.4",
    "x-envoy-retry-on": "5xx",
    x_under: "1",
  };
  const { headers: seen } = seenBy(await ask(bed.port, { headers }));
  assert.equal(seen.host, "a.example:8443");
  // for clients on loopback Envoy adds the machine's own address
  assert.match(seen["x-forwarded-for"] ?? "", /^1\.2\.3\.4,[0-9.]+$/);
  assert.equal(seen["x-forwarded-proto"], "http");
  assert.equal(seen["x_under"], "1");
  const own = Object.keys(seen).filter((name) => name.startsWith("x-envoy-"));
  assert.deepEqual(own, ["x-envoy-external-address"]);
});

withTraffic("matches paths, methods, headers and queries in order", async (bed) => {
  await using cart = httpBackend("cart");
  const answer = (status: number, match: Rule["match"]) =>
    ruleWith({ match, action: { kind: "respond", status } });
  await bed.serve([
    answer(201, matchOf({ path: { kind: "exact", value: "/exact" } })),
    answer(202, matchOf({ path: { kind: "regex", value: "/v[0-9]+/.*" } })),
    answer(203, prefix("/pre")),
    answer(204, matchOf({ method: "PUT" })),
    answer(205, matchOf({ headers: [{ name: "X-A", kind: "exact", value: "1" }] })),
    answer(206, matchOf({ query: [{ name: "Q", kind: "exact", value: "1" }] })),
    answer(207, matchOf({ oneLabelOf: "*.one.example" })),
    ruleWith(),
  ], [served([cart])]);
  const cases = [
    [{ path: "/exact" }, 201],
    [{ path: "/exact/" }, 200],
    [{ path: "/Exact" }, 200],
    [{ path: "/v12/x" }, 202],
    [{ path: "/v/x" }, 200],
    [{ path: "/pre" }, 203],
    [{ path: "/pre/x?y" }, 203],
    [{ path: "/prefix" }, 200],
    [{ method: "PUT" }, 204],
    [{ headers: { "x-a": "1" } }, 205],
    [{ path: "/?Q=1" }, 206],
    [{ path: "/?q=1" }, 200],
    [{ headers: { host: "a.One.example:80" } }, 207],
    [{ headers: { host: "a.b.one.example" } }, 200],
  ] as const;
  for (const [question, status] of cases) {
    const found = await ask(bed.port, question);
    assert.equal(found.status, status, JSON.stringify(question));
  }
});

withTraffic("splits by weight, with 500 for what is missing and 503 for nobody", async (bed) => {
  await using a = httpBackend("a");
  const split = [shareOf("a"), shareOf("missing"), { weight: 1, to: { status: 500 } } as const];
  await bed.serve([
    ruleWith({ match: prefix("/split"), action: forwardTo({ split }) }),
    ruleWith({ match: prefix("/missing"), action: forwardTo({ split: [shareOf("missing")] }) }),
    ruleWith({ match: prefix("/nobody"), action: forwardTo({ split: [shareOf("nobody")] }) }),
  ], [served([a]), served([])]);
  const answers = await askTimes(bed.port, 150, { path: "/split" });
  const counts = tally(answers.map(({ status }) => status));
  assert.deepEqual([...counts.keys()].toSorted(), [200, 500]);
  const good = counts.get(200) ?? 0;
  assert.ok(good > 25 && good < 80, `${good} of 150 for a third`);
  assert.equal((await ask(bed.port, { path: "/missing" })).status, 500);
  assert.equal((await ask(bed.port, { path: "/nobody" })).status, 503);
  assert.equal((await ask(bed.port, { path: "/other" })).status, 404);
});

withTraffic("rewrites the path of one share", async (bed) => {
  await using a = httpBackend("a");
  await using b = httpBackend("b");
  const split = [
    shareOf("a", { weight: 1, rewrite: { path: { kind: "prefix", value: "/v1" } } }),
    shareOf("b", { weight: 3, rewrite: { hostname: "b.example" } }),
  ];
  await bed.serve([ruleWith({ match: prefix("/p"), action: forwardTo({ split }) })], [
    served([a]),
    served([b]),
  ]);
  const answers = (await askTimes(bed.port, 200, { path: "/p/x" })).map(seenBy);
  const places = tally(
    answers.map(({ backend, path, headers }) => `${backend} ${headers.host} ${path}`),
  );
  assert.deepEqual([...places.keys()].toSorted(), ["a a.example /v1/x", "b b.example /p/x"]);
  const first = places.get("a a.example /v1/x") ?? 0;
  assert.ok(first > 20 && first < 85, `${first} of 200 for a quarter`);
});

withTraffic("edits headers of rules, then of shares", async (bed) => {
  await using cart = httpBackend("cart");
  const edit = (value: string) => ({
    set: [{ name: "x-set", value }],
    add: [{ name: "x-add", value }, { name: "X-Percent", value: "50%" }],
    remove: ["x-remove"],
  });
  const action = forwardTo({
    requestHeaders: { ...edit("rule"), set: [...edit("rule").set, { name: "Host", value: "h" }] },
    split: [shareOf("cart", { requestHeaders: edit("share"), responseHeaders: edit("share") })],
  });
  await bed.serve([ruleWith({ action, responseHeaders: edit("rule") })], [served([cart])]);
  const answer = await ask(bed.port, {
    headers: { "x-set": "client", "x-add": "client", "x-remove": "client" },
  });
  const { headers } = seenBy(answer);
  assert.equal(headers.host, "h");
  assert.equal(headers["x-set"], "share");
  assert.equal(headers["x-add"], "client, rule, share");
  assert.equal(headers["x-percent"], "50%, 50%");
  assert.equal(headers["x-remove"], undefined);
  assert.equal(answer.headers["x-set"], "rule");
  assert.ok(answer.headers.server !== undefined);
});

withTraffic("redirects", async (bed) => {
  const to = (from: string, part: Partial<Redirect>) =>
    ruleWith({ match: prefix(from), action: { kind: "redirect", status: 302, ...part } });
  await bed.serve([
    to("/host", { hostname: "b.example" }),
    to("/port", { hostname: "b.example", port: 8080 }),
    to("/scheme", { scheme: "https", status: 301 }),
    to("/schemeport", { scheme: "https", port: 8443 }),
    to("/old", { path: { kind: "prefix", value: "/new" } }),
    to("/gone", { path: { kind: "prefix", value: "/" }, status: 307 }),
    to("/full", { path: { kind: "full", value: "/whole" }, status: 308 }),
  ], []);
  const cases = [
    ["/host/x?q=1", 302, "http://b.example/host/x?q=1"],
    ["/port/x", 302, "http://b.example:8080/port/x"],
    ["/scheme", 301, "https://a.example/scheme"],
    ["/schemeport", 302, "https://a.example:8443/schemeport"],
    ["/old/x", 302, "http://a.example/new/x"],
    ["/old", 302, "http://a.example/new"],
    ["/gone/x", 307, "http://a.example/x"],
    ["/gone", 307, "http://a.example/"],
    ["/full/x", 308, "http://a.example/whole"],
  ] as const;
  for (const [path, status, location] of cases) {
    const answer = await ask(bed.port, { path });
    assert.deepEqual([answer.status, answer.headers.location], [status, location], path);
  }
});

withTraffic("redirects to the port that clients use", async (bed) => {
  const to = (from: string, part: Partial<Redirect>) =>
    ruleWith({ match: prefix(from), action: { kind: "redirect", status: 302, ...part } });
  const rules = [
    to("/scheme", { scheme: "https" }),
    to("/usual", { scheme: "https", port: 443 }),
    to("/path", { path: { kind: "full", value: "/new" } }),
  ];
  const hosts = [{ domains: ["a.example", "b.example"], rules }];
  await bed.load({ ports: [tcpPort([chainOf(hosts)], { port: bed.port })] });
  const headers = { host: "b.example:8080" };
  const cases = [
    ["/scheme", "https://b.example/scheme"],
    ["/usual", "https://b.example/usual"],
    ["/path", "http://b.example:8080/new"],
  ] as const;
  for (const [path, location] of cases) {
    assert.equal((await ask(bed.port, { path, headers })).headers.location, location);
  }
});

withTraffic("speaks HTTP/2 without TLS, to clients and to backends", async (bed) => {
  await using cart = httpBackend("cart");
  const rule = (name: string) =>
    ruleWith({ match: prefix(`/${name}`), action: forwardTo({ split: [shareOf(name)] }) });
  await bed.serve([rule("h2"), rule("auto"), rule("http1")], [
    served([cart], { name: "auto", protocol: "auto" }),
    served([cart], { name: "h2", protocol: "h2" }),
    served([cart], { name: "http1" }),
  ]);
  await using client = new Http2Client(bed.port);
  for (const path of ["/h2", "/auto", "/http1"]) {
    const answer = await client.ask("a.example:99", path);
    assert.equal(answer.status, 200, path);
    assert.equal(seenBy(answer).headers.host, "a.example:99", path);
  }
  assert.equal((await ask(bed.port, { path: "/h2" })).status, 200);
});

withTraffic("answers gRPC in its own words", async (bed) => {
  const to = (path: string, split: readonly Share[]) =>
    ruleWith({ match: prefix(path), action: forwardTo({ split }) });
  const missing: Share = { weight: 1, to: { status: 500 } };
  await bed.serve([
    to("/dead", [missing]),
    to("/missing", [missing, shareOf("missing")]),
    to("/nobody", [shareOf("nobody")]),
  ], [served([], { protocol: "h2" })]);
  await using client = new Http2Client(bed.port);
  const [unimplemented, unavailable] = ["12", "14"];
  const cases = [
    ["/other", unimplemented],
    ["/dead", unavailable],
    ["/missing", unavailable],
    ["/nobody", unavailable],
  ] as const;
  for (const [path, status] of cases) {
    const answer = await client.ask("a.example", path, {
      ":method": "POST",
      "content-type": "application/grpc",
    });
    assert.deepEqual([answer.status, answer.headers["grpc-status"]], [200, status], path);
  }
});

withTraffic("makes paths plain and refuses requests that mean two things", async (bed) => {
  await using cart = httpBackend("cart");
  await bed.serve([
    ruleWith({ match: prefix("/secret"), action: { kind: "respond", status: 403 } }),
    ruleWith(),
  ], [served([cart])]);
  for (const path of ["/a/../secret", "//secret", "/./secret/x", "/%73ecret"]) {
    assert.equal((await ask(bed.port, { path })).status, 403, path);
  }
  const escaped = await ask(bed.port, { path: "/a%2fb" });
  assert.deepEqual([escaped.status, escaped.headers.location], [307, "/a/b"]);
  const many = Object.fromEntries(Array.from({ length: 120 }, (_, at) => [`x-${at}`, "1"]));
  assert.equal((await ask(bed.port, { headers: many })).status, 431);
  for (
    const lines of [
      ["Content-Length: 5", "Transfer-Encoding: chunked"],
      ["Content-Length: 5", "Content-Length: 6"],
    ]
  ) {
    const head = ["POST / HTTP/1.1", "Host: a.example", ...lines, "Connection: close", "", ""];
    assert.match(await rawHttp(bed.port, head.join("\r\n")), /^HTTP\/1.1 400 /, lines.join());
  }
});

withTraffic("carries web sockets", async (bed) => {
  await using cart = httpBackend("cart");
  await bed.serve([ruleWith({ action: forwardTo({ timeoutMs: 50 }) })], [served([cart])]);
  const socket = new WebSocket(`ws://127.0.0.1:${bed.port}/ws`);
  const words: string[] = [];
  await new Promise<void>((resolve, reject) => {
    socket.onerror = () => reject(new Error("the web socket failed"));
    socket.onopen = () => socket.send("one");
    socket.onmessage = ({ data }) => {
      words.push(data);
      // the second word comes after the time limit of requests
      if (words.length === 1) setTimeout(() => socket.send("two"), 100);
      else resolve();
    };
  });
  await new Promise<void>((resolve) => {
    socket.onclose = () => resolve();
    socket.close();
  });
  assert.deepEqual(words, ["one", "two"]);
});
