import assert from "assert";
import { parse } from "yaml";
import { kubeconfigFor } from "../../../lib/embedded/kubeconfig.ts";

Deno.test("kubeconfigFor() names one context for cluster and user", () => {
  const config = parse(kubeconfigFor("http://127.0.0.1:5"));
  assert.equal(config["current-context"], "berth-dev");
  assert.deepEqual(config.contexts[0].context, {
    cluster: "berth-dev",
    user: "berth-dev",
    namespace: "default",
  });
  assert.equal(config.clusters[0].cluster.server, "http://127.0.0.1:5");
  assert.equal(config.clusters[0].cluster["insecure-skip-tls-verify"], true);
  assert.equal(parse(kubeconfigFor("http://x", "mine"))["current-context"], "mine");
});
