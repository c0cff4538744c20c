import assert from "assert";
import { serve } from "../../../lib/embedded/serve.ts";
import type { Fault } from "../../../lib/embedded/faults.ts";
import { WatchReader } from "../../contract/kube_api_bed.ts";

const JSON_BODY = { "content-type": "application/json" };

const PATH = "/api/v1/namespaces/default/configmaps";

async function watch(
  url: string,
  query: string,
  accept = "application/json",
): Promise<WatchReader> {
  const response = await fetch(`${url}${PATH}?watch=1&${query}`, { headers: { accept } });
  assert.ok(response.body);
  return new WatchReader(response.body);
}

async function create(url: string, name: string): Promise<void> {
  const response = await fetch(url + PATH, {
    method: "POST",
    headers: JSON_BODY,
    body: JSON.stringify({ metadata: { name } }),
  });
  await response.body?.cancel();
}

Deno.test("bookmarks go to those who asked", async () => {
  await using api = serve();
  await using asked = await watch(api.url, "allowWatchBookmarks=true&resourceVersion=1");
  await using silent = await watch(api.url, "resourceVersion=1");
  api.bookmark();
  const mark = await asked.next();
  assert.equal(mark?.type, "BOOKMARK");
  assert.equal(mark?.object["metadata"].resourceVersion, String(api.store.version));
  await create(api.url, "a");
  assert.deepEqual([await asked.take(1), await silent.take(1)], [["ADDED a"], ["ADDED a"]]);
});

Deno.test("a version that history forgot is an ERROR event with 410", async () => {
  await using api = serve({ historySize: 2 });
  for (const name of ["a", "b", "c", "d"]) await create(api.url, name);
  await using reader = await watch(api.url, "resourceVersion=2");
  const event = await reader.next();
  assert.deepEqual([event?.type, event?.object["code"], event?.object["reason"]], [
    "ERROR",
    410,
    "Expired",
  ]);
  assert.equal(await reader.next(), undefined);
});

Deno.test("watches end with the server, on demand and after a fault's count of events", async () => {
  const fault: Fault = { kind: "close-watch", afterEvents: 1 };
  await using api = serve({
    fault: ({ params }) => params.has("labelSelector") ? fault : undefined,
  });
  await using closed = await watch(api.url, "resourceVersion=1");
  api.closeWatches();
  assert.equal(await closed.next(), undefined);
  await create(api.url, "a");
  await create(api.url, "b");
  await using cut = await watch(api.url, "labelSelector=!x");
  assert.deepEqual(await cut.take(2), ["ADDED a"]);
  await using last = await watch(api.url, "resourceVersion=99");
  await api[Symbol.asyncDispose]();
  assert.notEqual((await last.next())?.type, "ADDED");
});

Deno.test("a client that goes away is forgotten", async () => {
  await using api = serve();
  const row = api.registry.find({ group: "", plural: "configmaps" });
  assert.ok(row);
  const { hub } = api.registry.collection(row);
  const before = hub.size;
  const reader = await watch(api.url, "resourceVersion=1");
  assert.equal(hub.size, before + 1);
  await reader[Symbol.asyncDispose]();
  for (let i = 0; i < 100 && hub.size > before; i++) await create(api.url, `c${i}`);
  assert.equal(hub.size, before);
});

Deno.test("table events carry the columns once", async () => {
  await using api = serve();
  await create(api.url, "a");
  await create(api.url, "b");
  await using reader = await watch(api.url, "", "application/json;as=Table;v=v1;g=meta.k8s.io");
  const [first, second] = [await reader.next(), await reader.next()];
  assert.equal(first?.object["columnDefinitions"].length, 3);
  assert.equal(second?.object["columnDefinitions"], null);
  assert.equal(second?.object["rows"][0].cells[0], "b");
});
