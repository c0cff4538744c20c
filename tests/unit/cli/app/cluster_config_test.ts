import assert from "assert";
import { parse } from "yaml";
import { clusterConfig } from "../../../../lib/cli/app/cluster_config.ts";
import { kubeconfig } from "../../../fakes/kube_server.ts";

const nothing = { kubeconfig: undefined, context: undefined, outsideCluster: false };
const server = async (...args: Parameters<typeof clusterConfig>) =>
  parse(await clusterConfig(...args)).clusters[0].cluster.server;

Deno.test("clusterConfig() takes the file, the home directory or the Pod's ServiceAccount", async () => {
  const home = await Deno.makeTempDir();
  await Deno.mkdir(`${home}/.kube`);
  await Deno.writeTextFile(`${home}/.kube/config`, kubeconfig("http://home"));
  await Deno.writeTextFile(`${home}/other`, kubeconfig("http://other"));
  const env = { HOME: home, KUBERNETES_SERVICE_HOST: "10.0.0.1" };
  assert.equal(await server({ ...nothing, kubeconfig: `${home}/other` }, env), "http://other");
  assert.equal(await server({ ...nothing, outsideCluster: true }, env), "http://home");
  assert.equal(await server(nothing, env), "https://10.0.0.1:443");
  await Deno.remove(home, { recursive: true });
});

const wrong = [
  { settings: { outsideCluster: true }, says: /HOME.*--kubeconfig/ },
  { settings: { kubeconfig: "/does/not/exist" }, says: /cannot read the kubeconfig/ },
  { settings: {}, says: /no Pod: give --kubeconfig/ },
];

for (const { settings, says } of wrong) {
  Deno.test(`clusterConfig() on ${JSON.stringify(settings)} says what to give`, async () => {
    await assert.rejects(clusterConfig({ ...nothing, ...settings }, {}), says);
  });
}
