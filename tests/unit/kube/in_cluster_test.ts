import assert from "assert";
import { parse } from "yaml";
import { createKubeClient, inClusterKubeconfig, withTokenFiles } from "../../../lib/kube/mod.ts";
import { serverBed } from "../../fakes/kube_server.ts";
import { kubeconfig } from "../../fakes/kube_server.ts";

const mount = "/var/run/secrets/kubernetes.io/serviceaccount";

for (
  const { host, port, server } of [
    { host: "10.96.0.1", port: "443", server: "https://10.96.0.1:443" },
    { host: "fd00::1", port: "6443", server: "https://[fd00::1]:6443" },
    { host: "[fd00::1]", port: "443", server: "https://[fd00::1]:443" },
  ]
) {
  Deno.test(`inClusterKubeconfig() names ${server} and the mounted files`, () => {
    const env = { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port };
    const config = parse(inClusterKubeconfig(env));
    assert.deepEqual(config.clusters[0].cluster, {
      server,
      "certificate-authority": `${mount}/ca.crt`,
    });
    const { config: provider } = config.users[0].user["auth-provider"];
    assert.deepEqual(provider, { tokenFile: `${mount}/token` });
  });
}

Deno.test("inClusterKubeconfig() outside a Pod says what to give", () => {
  assert.throws(() => inClusterKubeconfig({}), /KUBERNETES_SERVICE_HOST.*--kubeconfig/);
});

Deno.test("withTokenFiles() lets the token be read when it is needed", async () => {
  const file = await Deno.makeTempFile();
  const seen: (string | null)[] = [];
  await using bed = serverBed((request) => {
    seen.push(request.headers.get("authorization"));
    return Response.json({});
  });
  const text = withTokenFiles(kubeconfig(bed.url, { user: { tokenFile: file } }));
  const client = createKubeClient(text);
  await Deno.writeTextFile(file, "second\n");
  await client.get("/x", { signal: new AbortController().signal });
  client.close();
  assert.deepEqual(seen, ["Bearer second"]);
  await Deno.remove(file);
});

Deno.test("withTokenFiles() leaves other users alone", () => {
  const text = kubeconfig("http://x", { user: { token: "t" } });
  assert.deepEqual(parse(withTokenFiles(text)), parse(text));
  assert.equal(withTokenFiles("just text"), "just text");
});
