import assert from "assert";
import { serve } from "../../../lib/embedded/serve.ts";
import { bytesField, envelope, textField } from "../../fakes/protobuf.ts";

async function send(url: string, method: string, body?: unknown, type = "application/json") {
  const raw = body instanceof Uint8Array ? body as Uint8Array<ArrayBuffer> : JSON.stringify(body);
  const response = await fetch(url, {
    method,
    headers: { "content-type": type },
    ...(body !== undefined && { body: raw }),
  });
  return { status: response.status, body: await response.json() };
}

const LABELS = { app: "w" };
const WORKLOAD = {
  metadata: { name: "w" },
  spec: {
    replicas: 1,
    selector: { matchLabels: LABELS },
    template: { metadata: { labels: LABELS }, spec: { containers: [{ name: "c", image: "x" }] } },
  },
};

Deno.test("writes reach the right operation", async () => {
  await using api = serve();
  const maps = `${api.url}/api/v1/namespaces/default/configmaps`;
  assert.equal((await send(maps, "POST", { metadata: { name: "a" } })).status, 201);
  assert.equal(
    (await send(`${maps}/a`, "PUT", { metadata: { name: "a" }, data: { x: "1" } })).status,
    200,
  );
  assert.equal((await send(`${maps}/a`, "PUT", { metadata: {} })).status, 400);
  assert.equal((await send(`${maps}/b`, "PUT", { metadata: { name: "b" } })).status, 404);
  assert.equal(
    (await send(`${maps}/a`, "PATCH", { data: { y: "2" } }, "application/merge-patch+json")).body
      .data.y,
    "2",
  );
  assert.equal((await send(`${maps}/a/status`, "PUT", {})).status, 404);
  assert.equal((await send(`${maps}/a/scale`, "PUT", {})).status, 404);
  assert.equal((await send(`${api.url}/api/v1/configmaps`, "POST", {})).status, 405);
  assert.equal((await send(`${maps}/a`, "DELETE")).body.status, "Success");
  assert.equal((await send(maps, "DELETE")).body.kind, "ConfigMapList");
});

Deno.test("scale, binding and finalize are written through their own paths", async () => {
  await using api = serve();
  const spaces = `${api.url}/api/v1/namespaces`;
  const workloads = `${api.url}/apis/apps/v1/namespaces/default/deployments`;
  await send(workloads, "POST", WORKLOAD);
  const merged = await send(
    `${workloads}/w/scale`,
    "PATCH",
    { spec: { replicas: 3 } },
    "application/merge-patch+json",
  );
  assert.equal(merged.body.spec.replicas, 3);
  const patched = await send(`${workloads}/w/scale`, "PATCH", [{
    op: "replace",
    path: "/spec/replicas",
    value: 4,
  }], "application/json-patch+json");
  assert.equal(patched.body.spec.replicas, 4);
  assert.equal(
    (await send(`${workloads}/w/scale`, "PUT", { spec: { replicas: 5 } })).body.spec.replicas,
    5,
  );
  assert.equal((await send(`${workloads}/w/scale`, "DELETE", {})).status, 405);
  await send(`${spaces}/default/pods`, "POST", {
    metadata: { name: "p" },
    spec: WORKLOAD.spec.template.spec,
  });
  assert.equal(
    (await send(`${spaces}/default/pods/p/binding`, "POST", { target: { name: "n" } })).status,
    201,
  );
  assert.equal(
    (await send(`${spaces}/default/finalize`, "PUT", { spec: { finalizers: ["kubernetes"] } }))
      .status,
    200,
  );
});

Deno.test("protobuf bodies create objects, and events are stored once for both groups", async () => {
  await using api = serve();
  const raw = bytesField(1, textField(1, "made"));
  const made = await send(
    `${api.url}/api/v1/namespaces`,
    "POST",
    envelope("v1", "Namespace", raw),
    "application/vnd.kubernetes.protobuf",
  );
  assert.equal(made.status, 201);
  const event = {
    metadata: { name: "e" },
    regarding: { namespace: "default", kind: "Service", name: "w" },
    note: "hi",
  };
  const events = `${api.url}/apis/events.k8s.io/v1/namespaces/default/events`;
  assert.equal((await send(events, "POST", event)).body.note, "hi");
  const core = await send(`${api.url}/api/v1/namespaces/default/events/e`, "PUT", {
    metadata: { name: "e" },
    involvedObject: event.regarding,
    message: "ho",
  });
  assert.equal(core.body.message, "ho");
});
