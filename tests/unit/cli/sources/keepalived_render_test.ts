import assert from "assert";
import { renderSource } from "../../../../lib/cli/sources/keepalived_render.ts";
import type { Settings } from "../../../../lib/cli/options.ts";
import { ApiBed } from "../../../fakes/api_bed.ts";
import { fakeSettings } from "../../../fakes/cli.ts";

const { signal } = new AbortController();

async function render(changed: Partial<Settings>) {
  const settings = fakeSettings("keepalived render", { iface: "eth0", ...changed });
  return await renderSource({ settings, env: {} }).render({ signal });
}

/** A file with a text, gone at the end of its scope. */
async function fileWith(text: string) {
  const path = await Deno.makeTempFile();
  await Deno.writeTextFile(path, text);
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path) };
}

Deno.test("renderSource() renders a file without a cluster", async () => {
  const text = "kind: ConfigMap\nmetadata: {name: vips}\ndata: {10.0.0.1: default/web}\n";
  await using file = await fileWith(text);
  const rendered = await render({ files: [file.path] });
  assert.match(rendered.text, /10\.0\.0\.1\/32 dev eth0/);
  assert.deepEqual(rendered.problems, []);
  await assert.rejects(
    render({ files: [`${file.path}.no`] }),
    /cannot read .*: give a readable file to --file/,
  );
});

Deno.test("renderSource() renders a live cluster, with virtual servers unless told not to", async () => {
  await using bed = new ApiBed();
  await using file = await fileWith(bed.api.kubeconfig());
  const chosen = { kubeconfig: file.path, servicesConfigMap: "default/vips" };
  await assert.rejects(render(chosen), /default\/vips does not exist: create it/);
  await bed.create("/api/v1/namespaces/default/configmaps", {
    metadata: { name: "vips" },
    data: { "10.0.0.1": "default/web" },
  });
  const ports = [{ port: 80, protocol: "TCP" }];
  await bed.create("/api/v1/namespaces/default/services", {
    metadata: { name: "web" },
    spec: { ports },
  });
  await bed.create("/apis/discovery.k8s.io/v1/namespaces/default/endpointslices", {
    metadata: { name: "web-1", labels: { "kubernetes.io/service-name": "web" } },
    addressType: "IPv4",
    ports: [{ port: 8080, protocol: "TCP", name: "" }],
    endpoints: [{ addresses: ["10.244.0.2"], conditions: { ready: true } }],
  });
  assert.match((await render(chosen)).text, /real_server 10\.244\.0\.2 8080/);
  assert.doesNotMatch((await render({ ...chosen, vrrpOnly: true })).text, /real_server/);
});
