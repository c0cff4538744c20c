import assert from "assert";
import { PaperRunner } from "../../../lib/embedded/backends/paper_runner.ts";
import { serve } from "../../../lib/embedded/serve.ts";

const JSON_BODY = { "content-type": "application/json" };

Deno.test("serve() stops by its signal, twice is harmless", async () => {
  const stop = new AbortController();
  const api = serve({ signal: stop.signal });
  assert.equal(await (await fetch(`${api.url}/healthz`)).text(), "ok");
  stop.abort();
  await api[Symbol.asyncDispose]();
  await assert.rejects(fetch(`${api.url}/healthz`));
});

Deno.test("serve() uses the port that is asked for", async () => {
  const first = serve();
  const port = Number(new URL(first.url).port);
  await first[Symbol.asyncDispose]();
  await using api = serve({ port });
  assert.equal(api.url, `http://127.0.0.1:${port}`);
  assert.match(api.kubeconfig(), new RegExp(`server: ${api.url}`));
});

Deno.test("serve() with a runner brings a Deployment to life", async () => {
  const runner = new PaperRunner();
  await using api = serve({
    runner,
    serviceNetworks: ["10.5.0.0/24"],
    nodePorts: [31_000, 31_001],
  });
  api.seedSample();
  const labels = { app: "w" };
  const template = { metadata: { labels }, spec: { containers: [{ name: "c", image: "x" }] } };
  const body = JSON.stringify({
    metadata: { name: "w" },
    spec: { replicas: 2, selector: { matchLabels: labels }, template },
  });
  const path = `${api.url}/apis/apps/v1/namespaces/default/deployments`;
  await (await fetch(path, { method: "POST", headers: JSON_BODY, body })).body?.cancel();
  const status = (await (await fetch(`${path}/w`)).json()).status;
  assert.equal(status.availableReplicas, 2);
  assert.equal(runner.running.length, 2);
});
