import assert from "assert";
import { serve } from "../../../lib/embedded/serve.ts";
import { PaperRunner } from "../../../lib/embedded/backends/paper_runner.ts";

const JSON_BODY = { "content-type": "application/json" };

async function get(url: string): Promise<{ readonly status: number; readonly text: string }> {
  const response = await fetch(url);
  return { status: response.status, text: await response.text() };
}

Deno.test("GET reads objects, lists and subresources", async () => {
  await using api = serve();
  const base = `${api.url}/api/v1/namespaces/default`;
  assert.equal(JSON.parse((await get(`${base}/services/kubernetes`)).text).kind, "Service");
  assert.equal(JSON.parse((await get(`${base}/services/kubernetes/status`)).text).kind, "Service");
  assert.equal(JSON.parse((await get(`${base}/services`)).text).items.length, 1);
  assert.equal((await get(`${base}/services/kubernetes/scale`)).status, 404);
  assert.equal((await get(`${base}/services/none`)).status, 404);
  assert.equal((await get(`${base}/services/kubernetes?resourceVersion=99999`)).status, 504);
  assert.equal((await get(`${api.url}/api/v1/namespaces/default/finalize`)).status, 405);
});

Deno.test("a log that nobody writes is a 400, of a Pod that is not there a 404", async () => {
  await using api = serve({ runner: new PaperRunner() });
  const pods = `${api.url}/api/v1/namespaces/default/pods`;
  const body = JSON.stringify({
    metadata: { name: "p" },
    spec: { containers: [{ name: "c", image: "x" }] },
  });
  await (await fetch(pods, { method: "POST", headers: JSON_BODY, body })).body?.cancel();
  assert.equal((await get(`${pods}/p/log`)).status, 400);
  assert.equal((await get(`${pods}/none/log?tailLines=1`)).status, 404);
});
