import assert from "assert";
import { readIngresses } from "../../../../lib/cli/sources/ingresses.ts";
import { withClient } from "../../../../lib/cli/sources/engine.ts";
import { kubeconfig } from "../../../fakes/kube_server.ts";

const signal = new AbortController().signal;
const group = "/apis/networking.k8s.io/v1";
const metadata = { namespace: "ns", uid: "u", resourceVersion: "1" };
const secretNames = ["there", "gone", "denied"];
const tls = secretNames.map((secretName) => ({ secretName }));
const ours = { metadata: { ...metadata, name: "web" }, spec: { ingressClassName: "berth", tls } };
const theirs = { metadata: { ...metadata, name: "x" }, spec: { ingressClassName: "nginx" } };
const secrets = "/api/v1/namespaces/ns/secrets";

Deno.test("readIngresses() reads ours, the Secrets they name, and forgets what it may not read", async () => {
  const answers: Readonly<Record<string, unknown>> = {
    [`${group}/ingresses`]: { items: [ours, theirs], metadata: { resourceVersion: "1" } },
    [`${secrets}/there`]: { metadata: { ...metadata, name: "there" }, type: "kubernetes.io/tls" },
  };
  const paths: string[] = [];
  const place = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
  await using server = Deno.serve(place, (request) => {
    const { pathname } = new URL(request.url);
    paths.push(pathname);
    const body = answers[pathname];
    const status = pathname === `${secrets}/denied` ? 403 : 404;
    return body === undefined ? new Response("{}", { status }) : Response.json(body);
  });
  const config = kubeconfig(`http://127.0.0.1:${server.addr.port}`);
  const read = await withClient(config, (client) => readIngresses(client, signal));
  assert.deepEqual(read.ingresses.map(({ metadata }) => metadata.name), ["web"]);
  assert.deepEqual(read.ingresses[0]?.spec.tls, tls.slice(0, 2));
  assert.deepEqual(read.secrets.map(({ metadata }) => metadata.name), ["there"]);
  assert.ok(!paths.includes("/api/v1/secrets"));
});
