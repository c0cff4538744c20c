import assert from "assert";
import fc from "fast-check";
import { errorText } from "../../../lib/core/mod.ts";
import { createKubeClient, type KubeClient, type WatchEvent } from "../../../lib/kube/mod.ts";
import { pem } from "../../fakes/admin_conf.ts";
import { ApiBed, configMap } from "../../fakes/api_bed.ts";
import { kubeconfig, rawServerBed, serverBed } from "../../fakes/kube_server.ts";

const { signal } = new AbortController();
const watchOptions = { signal, resourceVersion: "5", timeoutSeconds: 300 };

/** Events until the stream ends. */
function follow(client: KubeClient, options = watchOptions): Promise<readonly WatchEvent[]> {
  return Array.fromAsync(client.watch("/api/v1/services", options));
}

Deno.test("get(), create() and patch() send what the API expects", async () => {
  const seen: (readonly string[])[] = [];
  await using bed = serverBed(async (request) => {
    const { pathname } = new URL(request.url);
    const type = request.headers.get("content-type") ?? "";
    seen.push([request.method, pathname, type, await request.text()]);
    return Response.json({ ok: true });
  });
  assert.deepEqual(await bed.client.get("/a", { signal }), { ok: true });
  await bed.client.create("/b", { x: 1 }, { signal });
  await bed.client.patch("/c", { y: 2 }, { signal, type: "merge" });
  await bed.client.patch("/d", null, { signal, type: "strategic-merge" });
  assert.deepEqual(seen, [
    ["GET", "/a", "", ""],
    ["POST", "/b", "application/json", '{"x":1}'],
    ["PATCH", "/c", "application/merge-patch+json", '{"y":2}'],
    ["PATCH", "/d", "application/strategic-merge-patch+json", "null"],
  ]);
});

Deno.test("the server's address may end with a slash and have a path", async () => {
  const paths: string[] = [];
  await using bed = serverBed((request) => {
    paths.push(new URL(request.url).pathname);
    return Response.json({});
  });
  const client = createKubeClient(kubeconfig(`${bed.url}/proxy//`));
  await client.get("/version", { signal });
  client.close();
  assert.deepEqual(paths, ["/proxy/version"]);
});

Deno.test("list() joins pages and keeps the last version", async () => {
  const queries: string[] = [];
  await using bed = serverBed((request) => {
    const { searchParams } = new URL(request.url);
    queries.push(searchParams.toString());
    const page = Number(searchParams.get("continue") ?? 0);
    const token = page < 2 ? String(page + 1) : "";
    const metadata = { continue: token, resourceVersion: `10${page}` };
    return Response.json({ items: page === 1 ? null : [page], metadata });
  });
  const listing = await bed.client.list("/x", { signal, labelSelector: "a=b,c" });
  assert.deepEqual(listing, { items: [0, 2], resourceVersion: "102" });
  assert.deepEqual(queries, [
    "limit=500&labelSelector=a%3Db%2Cc",
    "limit=500&labelSelector=a%3Db%2Cc&continue=1",
    "limit=500&labelSelector=a%3Db%2Cc&continue=2",
  ]);
});

Deno.test("list() reads 1,001 objects of the emulator in three pages", async () => {
  await using bed = new ApiBed();
  for (let n = 0; n < 1_001; n++) {
    const metadata = { name: `c${n}`, namespace: "default" };
    const object = { apiVersion: "v1", kind: "ConfigMap", metadata };
    bed.api.store.put({ group: "", plural: "configmaps" }, object);
  }
  const { items } = await bed.client.list("/api/v1/configmaps", { signal });
  const names = items.map((item) => (item as { metadata: { name: string } }).metadata.name);
  assert.equal(new Set(names).size, 1_001);
  assert.equal(bed.requests.length, 3);
});

Deno.test("list() does not take what is no list for an empty one", async () => {
  const metadata = { resourceVersion: "7" };
  for (const body of [{}, null, [], "x", 7, { items: [] }, { metadata }, { items: {}, metadata }]) {
    await using bed = serverBed(() => Response.json(body));
    await assert.rejects(bed.client.list("/x", { signal }), {
      kind: "unavailable",
      message: /^GET \/x: the API server's answer is no list .*: check what answers/,
    });
  }
  await using bed = serverBed(() => Response.json({ items: null, metadata }));
  const empty = await bed.client.list("/x", { signal });
  assert.deepEqual(empty, { items: [], resourceVersion: "7" });
});

Deno.test("watch() rejects lines that are no events", async () => {
  for (const line of ["null", "7", "[]", '"x"', "{}"]) {
    await using bed = serverBed(() => new Response(`${line}\n`));
    await assert.rejects(follow(bed.client), {
      kind: "unavailable",
      message: /line that is no ev/,
    });
  }
});

Deno.test("watch() asks for bookmarks, from a version", async () => {
  const queries: Record<string, string>[] = [];
  await using bed = serverBed((request) => {
    queries.push(Object.fromEntries(new URL(request.url).searchParams));
    return new Response("");
  });
  assert.deepEqual(await follow(bed.client), []);
  assert.deepEqual(queries, [{
    ...{ watch: "true", allowWatchBookmarks: "true", resourceVersion: "5" },
    timeoutSeconds: "300",
  }]);
});

Deno.test("watch() puts lines together that arrive in pieces", async () => {
  const text = '{"type":"ADDED","object":{"n":"ä€😀"}}\n{"type":"BOOKMARK","object":{}}\n';
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(fc.nat([...text].length)), async (cuts) => {
      const letters = [...text];
      const at = [0, ...cuts.sort((a, b) => a - b)];
      const parts = at.map((from, i) => letters.slice(from, at[i + 1]).join(""));
      const chunks = parts.filter((part) => part !== "");
      await using bed = rawServerBed(chunks, { end: "whole" });
      assert.deepEqual(await follow(bed.client), [
        { type: "ADDED", object: { n: "ä€😀" } },
        { type: "BOOKMARK", object: {} },
      ]);
    }),
    { numRuns: 20 },
  );
});

Deno.test("every call rejects with what the server says", async () => {
  const cases: readonly (readonly [number, string])[] = [
    [401, "forbidden"],
    [403, "forbidden"],
    [404, "not-found"],
    [409, "conflict"],
    [410, "unavailable"],
    [429, "unavailable"],
    [500, "unavailable"],
  ];
  for (const [status, kind] of cases) {
    const init = { status, headers: { "retry-after": "3" } };
    await using bed = serverBed(() => Response.json({ message: "as told" }, init));
    const { client } = bed;
    const calls: readonly (readonly [string, Promise<unknown>])[] = [
      ["GET /x", client.get("/x", { signal })],
      ["GET /x", client.list("/x", { signal })],
      ["POST /x", client.create("/x", {}, { signal })],
      ["PATCH /x", client.patch("/x", {}, { signal, type: "merge" })],
      ["GET /api/v1/services", follow(client)],
    ];
    for (const [what, call] of calls) {
      const message = new RegExp(`^${what}: the API server answered ${status}: as told`);
      await assert.rejects(call, { kind, status, retryAfterMs: 3_000, message });
    }
  }
});

Deno.test("list() rejects when a page has expired", async () => {
  await using bed = new ApiBed();
  for (const name of ["a", "b"]) {
    await bed.create("/api/v1/namespaces/default/configmaps", configMap(name));
  }
  bed.fail({ kind: "expired" }, 1, ({ path }) => path === "/api/v1/configmaps");
  await assert.rejects(bed.client.list("/api/v1/configmaps", { signal }), { status: 410 });
});

Deno.test("answers that are not JSON are the server's failure", async () => {
  for (const body of ["", "<html><body>502 Bad Gateway</body></html>", '{"items": [']) {
    await using bed = serverBed(() => new Response(body));
    await assert.rejects(bed.client.get("/x", { signal }), {
      kind: "unavailable",
      message: "GET /x: the API server's answer is not JSON",
    });
    await assert.rejects(bed.client.list("/x", { signal }), { kind: "unavailable" });
  }
});

Deno.test("watch() rejects for a line that is not JSON, after the good ones", async () => {
  await using bed = serverBed(() => new Response('{"type":"ADDED","object":{}}\n<html>\n'));
  const events: WatchEvent[] = [];
  const read = async () => {
    for await (const event of bed.client.watch("/api/v1/services", watchOptions)) {
      events.push(event);
    }
  };
  await assert.rejects(read(), { kind: "unavailable", message: /a line that is not JSON$/ });
  assert.equal(events.length, 1);
});

Deno.test("an answer that breaks off is the server's failure", async () => {
  await using bed = rawServerBed(['{"items":']);
  await assert.rejects(bed.client.get("/x", { signal }), {
    kind: "unavailable",
    message: /^GET \/x: the API server's answer broke off: /,
  });
});

Deno.test("watch() ends where the connection breaks, without the line it broke", async () => {
  await using bed = rawServerBed(['{"type":"ADDED","object":{}}\n', '{"type":"MOD']);
  assert.deepEqual(await follow(bed.client), [{ type: "ADDED", object: {} }]);
});

Deno.test("a server that does not answer is given up", async () => {
  for (const chunks of [[], ['{"items":']]) {
    await using bed = rawServerBed(chunks, { end: "hang" });
    const client = createKubeClient(kubeconfig(bed.url), { timeoutMs: 50 });
    await assert.rejects(client.list("/x", { signal }), {
      kind: "timeout",
      message: `GET /x: ${bed.url} did not answer within 0.05 s`,
    });
    client.close();
  }
});

Deno.test("a server that refuses connections is named", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  const client = createKubeClient(kubeconfig(`http://127.0.0.1:${port}`));
  await assert.rejects(client.get("/x", { signal }), {
    kind: "unavailable",
    message: new RegExp(`^GET /x: cannot reach http://127\\.0\\.0\\.1:${port}: `),
  });
  const texts = ["a", "b"].map((query) => client.get(`/x?${query}`, { signal }).catch(errorText));
  const [one, other] = await Promise.all(texts);
  assert.equal(one, other, "each trouble is told once, so its text must not change");
  client.close();
});

Deno.test("the signal ends calls to a server that hangs, before and inside the answer", async () => {
  const reason = new DOMException("stopping", "AbortError");
  await using inside = rawServerBed(['{"type":"ADDED","object":{}}\n', "{"], { end: "hang" });
  const asked = Promise.withResolvers<void>();
  const release = Promise.withResolvers<Response>();
  await using before = serverBed(() => {
    asked.resolve();
    return release.promise;
  });
  {
    const stop = new AbortController();
    const call = assert.rejects(before.client.get("/x", { signal: stop.signal }), reason);
    await asked.promise;
    stop.abort(reason);
    await call;
    release.resolve(new Response("{}"));
  }
  for (const call of ["get", "watch"] as const) {
    const stop = new AbortController();
    const options = { ...watchOptions, signal: stop.signal };
    if (call === "get") {
      const count = inside.seen.length;
      const got = assert.rejects(inside.client.get("/x", options), reason);
      while (inside.seen.length === count) await new Promise((resolve) => setTimeout(resolve));
      stop.abort(reason);
      await got;
    } else {
      const events = inside.client.watch("/x", options)[Symbol.asyncIterator]();
      assert.equal((await events.next()).value?.type, "ADDED");
      const next = assert.rejects(events.next(), reason);
      stop.abort(reason);
      await next;
    }
  }
});

Deno.test("a call with an aborted signal rejects with its reason", async () => {
  await using bed = serverBed(() => Response.json({}));
  const reason = new DOMException("stopped", "AbortError");
  await assert.rejects(bed.client.get("/x", { signal: AbortSignal.abort(reason) }), reason);
});

Deno.test("close() may come twice, and calls after it reject", async () => {
  await using bed = serverBed(() => Response.json({}));
  await bed.client.get("/x", { signal });
  bed.client.close();
  bed.client.close();
  await assert.rejects(bed.client.get("/x", { signal }), { kind: "canceled" });
  await assert.rejects(follow(bed.client), { kind: "canceled" });
});

Deno.test("a watch that nobody reads on ends at the server too", async () => {
  await using bed = new ApiBed();
  await bed.create("/api/v1/namespaces/default/configmaps", configMap("a"));
  const watch = bed.client.watch("/api/v1/configmaps", { ...watchOptions, resourceVersion: "0" });
  for await (const event of watch) {
    assert.equal(event.type, "ADDED");
    break;
  }
  // the sanitizers fail this test when the stream stays open
});

Deno.test("TLS: the cluster's own CA is trusted, and nothing else", async () => {
  const ca = (name: string) => ({ "certificate-authority-data": btoa(pem(name)) });
  const tls = (name: string) => ({ cert: pem(name), key: pem("server.key") });
  await using good = serverBed(() => Response.json({ ok: 1 }), {
    tls: tls("server.pem"),
    cluster: ca("ca.pem"),
  });
  assert.deepEqual(await good.client.get("/x", { signal }), { ok: 1 });
  for (
    const [cert, authority] of [["server.pem", "other_ca.pem"], [
      "server_expired.pem",
      "ca.pem",
    ]] as const
  ) {
    await using bad = serverBed(() => Response.json({}), {
      tls: tls(cert),
      cluster: ca(authority),
    });
    await assert.rejects(bad.client.get("/x", { signal }), {
      kind: "unavailable",
      message: /^GET \/x: cannot reach https:.*certificate/i,
    });
  }
});

Deno.test("TLS: a certificate is never left unchecked", async () => {
  await using bed = serverBed(() => Response.json({}), {
    tls: { cert: pem("server.pem"), key: pem("server.key") },
    cluster: { "insecure-skip-tls-verify": true },
  });
  await assert.rejects(bed.client.get("/x", { signal }), {
    kind: "invalid",
    message: /\(insecure-skip-tls-verify\): give certificate-authority-data instead$/,
  });
});

Deno.test("createKubeClient() wants a current context", () => {
  assert.throws(() => createKubeClient("apiVersion: v1\nkind: Config\nclusters: []\n"), {
    kind: "invalid",
    message: "the kubeconfig has no current context: choose one with --context",
  });
});
