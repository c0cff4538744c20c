import assert from "assert";
import { ipamLease, serveIpam } from "../../../../lib/cli/app/serve_ipam.ts";
import { ApiBed } from "../../../fakes/api_bed.ts";
import { fakeSettings } from "../../../fakes/cli.ts";

Deno.test("serveIpam() leads under the peer's Lease and gives addresses", async () => {
  await using bed = new ApiBed();
  const kubeconfig = await Deno.makeTempFile();
  await Deno.writeTextFile(kubeconfig, bed.api.kubeconfig());
  const stop = new AbortController();
  const settings = fakeSettings("ipam", { kubeconfig, securePort: 0 });
  const serving = serveIpam(settings, { signal: stop.signal, env: {} });
  const data = { "cidr-global": "10.0.0.0/24" };
  await bed.create("/api/v1/namespaces/kube-system/configmaps", {
    metadata: { name: "kubevip" },
    data,
  });
  await bed.create("/api/v1/namespaces/default/services", {
    metadata: { name: "web" },
    spec: { type: "LoadBalancer", ports: [{ port: 80 }] },
  });
  const served = await bed.until("services", ({ spec }) => spec.loadBalancerIP !== undefined);
  assert.equal(served["spec"].loadBalancerIP, "10.0.0.1");
  assert.equal(bed.objects("coordination.k8s.io/leases")[0]?.metadata.name, ipamLease);
  stop.abort();
  await serving;
  await Deno.remove(kubeconfig);
});
