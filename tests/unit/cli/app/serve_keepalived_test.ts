import assert from "assert";
import { serveKeepalived } from "../../../../lib/cli/app/serve_keepalived.ts";
import { readState, stateAnnotation } from "../../../../lib/keepalived/mod.ts";
import { KeptLog } from "../../../fakes/kept_log.ts";
import { fakeSettings } from "../../../fakes/cli.ts";
import { configMaps, patching, services, VipBed } from "../../../fakes/vip_bed.ts";

const patches = (bed: VipBed) =>
  bed.api.requests.filter(({ method, path }) => method === "PATCH" && path.endsWith("/vips"));

Deno.test("KCP-serve: a Service gets its address in ConfigMap, state, status and events", async () => {
  await using bed = new VipBed();
  await bed.createConfigMap({ "10.0.0.1": "other/web" });
  bed.start({ method: "NAT" });
  const { metadata } = await bed.createService("web");
  assert.equal(await bed.address("web"), "10.0.0.2");
  await bed.entries({ "10.0.0.1": "other/web", "10.0.0.2": "default/web:NAT" });
  const [map] = bed.api.objects("configmaps").filter((one) => one.metadata.name === "vips");
  const annotations = (map?.metadata as { annotations?: Record<string, string> }).annotations;
  const { records } = readState(annotations?.[stateAnnotation]);
  assert.deepEqual(records.map(({ ip, name }) => [ip, name]), [["10.0.0.2", "web"]]);
  assert.equal(records[0]?.uid, (metadata as { uid?: string }).uid);
  const created = await bed.event("CreatedLoadBalancer");
  assert.equal(created["involvedObject"].name, "web");
  assert.equal(created["source"].component, "service-controller");
});

Deno.test("KCP-serve-delete: a deleted Service gives its address back, foreign entries stay", async () => {
  await using bed = new VipBed();
  await bed.createConfigMap({ "192.0.2.1": "" });
  bed.start();
  await bed.createService("web");
  await bed.address("web");
  await bed.api.remove(`${services}/web`);
  await bed.entries({ "192.0.2.1": "" });
});

Deno.test("KCP-leak-start: entries of Services deleted meanwhile are removed at start", async () => {
  await using bed = new VipBed();
  const gone = { uid: "u1", ip: "10.0.0.7", serviceNamespace: "default", serviceName: "gone" };
  const state = JSON.stringify({ services: [gone] });
  await bed.createConfigMap(
    { "10.0.0.7": "default/gone", "10.0.0.8": "default/gone" },
    { [stateAnnotation]: state },
  );
  bed.start();
  await bed.entries({ "10.0.0.8": "default/gone" });
});

Deno.test("KCP-conflict: a write that comes in between is kept, and ours is made again", async () => {
  await using bed = new VipBed();
  await bed.createConfigMap();
  let raced = false;
  bed.start(
    {},
    patching(bed.api.client, async (path) => {
      if (raced || path !== `${configMaps}/vips`) return;
      raced = true;
      // somebody takes the address that is about to be given
      await bed.api.patch(path, { data: { "10.0.0.1": "other/web" } });
    }),
  );
  await bed.createService("web");
  assert.equal(await bed.address("web"), "10.0.0.2");
  await bed.entries({ "10.0.0.1": "other/web", "10.0.0.2": "default/web" });
  assert.match(await bed.metrics.text(), /config_map_writes_total\{result="conflict"\} 1/);
  assert.match(await bed.metrics.text(), /keepalived_services\{state="serving"\} 1/);
});

Deno.test("KCP-race: two that lead at once give no address twice", async () => {
  await using bed = new VipBed();
  await bed.createConfigMap();
  bed.start();
  bed.start();
  const names = Array.from({ length: 40 }, (_, i) => `s${i}`);
  await Promise.all(names.map((name) => bed.createService(name)));
  const addresses = await Promise.all(names.map((name) => bed.address(name)));
  assert.equal(new Set(addresses).size, names.length);
});

Deno.test("KCP-batch: Services made together are given addresses by few writes", async () => {
  await using bed = new VipBed();
  await bed.createConfigMap();
  const names = Array.from({ length: 100 }, (_, i) => `s${i}`);
  await Promise.all(names.map((name) => bed.createService(name)));
  bed.start();
  await Promise.all(names.map((name) => bed.address(name)));
  assert.equal(patches(bed).length, 1);
});

Deno.test("KCP-missing: without the ConfigMap Services are told, and served when it is there", async () => {
  await using bed = new VipBed();
  bed.start();
  await bed.createService("web");
  const event = await bed.event("CreatingLoadBalancerFailed");
  assert.match(event["message"], /kube-system\/vips does not exist: create it/);
  assert.match(bed.unready ?? "", /does not exist/);
  await bed.createConfigMap();
  assert.equal(await bed.address("web"), "10.0.0.1");
});

Deno.test("KCP-forbidden: a 403 is told to the Service, and tried again", async () => {
  await using bed = new VipBed();
  await bed.createConfigMap();
  bed.api.fail(
    { kind: "status", code: 403 },
    1,
    ({ method, path }) => method === "PATCH" && path === `${configMaps}/vips`,
  );
  bed.start();
  await bed.createService("web");
  const event = await bed.event("CreatingLoadBalancerFailed");
  assert.match(event["message"], /answered 403.*give berth's user this right/);
  assert.equal(await bed.address("web"), "10.0.0.1");
});

Deno.test("KCP-broken-state: a state that cannot be read is never written over", async () => {
  await using bed = new VipBed();
  await bed.createConfigMap({ "10.0.0.1": "default/a" }, { [stateAnnotation]: "{" });
  bed.start();
  await bed.createService("web");
  const event = await bed.event("CreatingLoadBalancerFailed");
  assert.match(event["message"], /cloud-provider-config .* is not JSON: restore it/);
  assert.deepEqual(patches(bed), []);
  await bed.api.patch(`${configMaps}/vips`, {
    metadata: { annotations: { [stateAnnotation]: null } },
  });
  assert.equal(await bed.address("web"), "10.0.0.2");
});

Deno.test("KCP-configmap-deleted: made again empty, it has every address again", async () => {
  await using bed = new VipBed();
  await bed.createConfigMap();
  bed.start();
  await bed.createService("a");
  await bed.createService("b", { loadBalancerIP: "10.0.0.9" });
  await bed.createService("c");
  for (const name of ["a", "b", "c"]) await bed.address(name);
  await bed.api.remove(`${services}/a`);
  await bed.entries({ "10.0.0.9": "default/b", "10.0.0.2": "default/c" });
  await bed.api.remove(`${configMaps}/vips`);
  const event = await bed.event("CreatingLoadBalancerFailed");
  assert.match(event["message"], /does not exist/);
  await bed.createConfigMap();
  await bed.entries({ "10.0.0.9": "default/b", "10.0.0.2": "default/c" });
});

Deno.test("KCP-health: /healthz, /readyz and /metrics answer over plain HTTP", async () => {
  assert.equal(fakeSettings("keepalived").healthPort, 10_253);
  await using bed = new VipBed();
  await bed.createConfigMap();
  const folder = await Deno.makeTempDir();
  const kubeconfig = `${folder}/kubeconfig`;
  await Deno.writeTextFile(kubeconfig, bed.api.api.kubeconfig());
  const stop = new AbortController();
  const healthPort = freePort();
  const settings = fakeSettings("keepalived", {
    ...{ kubeconfig, healthPort, healthAddress: "127.0.0.1" },
    ...{ servicesConfigMap: "kube-system/vips", serviceCidr: "10.0.0.0/24" },
  });
  const serving = serveKeepalived(settings, { signal: stop.signal, env: { POD_NAME: "pod" } });
  await bed.createService("web");
  await bed.address("web");
  const ask = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${healthPort}${path}`);
    return `${response.status} ${await response.text()}`;
  };
  assert.equal(await ask("/healthz"), "200 ok\n");
  assert.match(await ask("/metrics"), /berth_keepalived_services\{state="serving"\} 1/);
  const [lease] = bed.api.objects("coordination.k8s.io/leases");
  assert.equal(lease?.metadata.name, "berth-keepalived");
  assert.match(lease?.["spec"].holderIdentity, /^pod_/);
  stop.abort();
  await serving;
  await Deno.remove(folder, { recursive: true });
});

/** A free port; nobody else asks the system for one in this process. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

Deno.test("KCP-type-change: a Service that becomes ClusterIP loses address and status", async () => {
  await using bed = new VipBed();
  await bed.createConfigMap();
  bed.start();
  await bed.createService("web");
  await bed.address("web");
  await bed.api.patch(`${services}/web`, { spec: { type: "ClusterIP" } });
  await bed.entries({});
  await bed.event("DeletedLoadBalancer");
});

Deno.test("KCP-status: a status that somebody emptied is written again", async () => {
  await using bed = new VipBed();
  await bed.createConfigMap();
  bed.start();
  await bed.createService("web");
  await bed.address("web");
  await bed.api.patch(`${services}/web/status`, { status: { loadBalancer: { ingress: null } } });
  assert.equal(await bed.address("web"), "10.0.0.1");
});

Deno.test("KCP-env-required: serveKeepalived() refuses to guess the ConfigMap or the CIDR", async () => {
  const options = { signal: AbortSignal.abort(), env: {} };
  const settings = fakeSettings("keepalived");
  await assert.rejects(
    serveKeepalived(settings, options),
    /not named .*: set KEEPALIVED_NAMESPACE and KEEPALIVED_CONFIG_MAP/,
  );
  await assert.rejects(
    serveKeepalived({ ...settings, servicesConfigMap: "a/b", serviceCidr: "10.0.0.0" }, options),
    /the service CIDR "10\.0\.0\.0" cannot be read/,
  );
});

const nodes = "/api/v1/nodes";
const nodeWith = (address: string) => ({
  metadata: { name: "one" },
  status: { addresses: [{ type: "InternalIP", address }] },
});

Deno.test("keepalived gives no address that a node has, and takes none away for it", async () => {
  await using bed = new VipBed();
  await bed.createConfigMap();
  await bed.api.create(nodes, nodeWith("10.0.0.1"));
  bed.start();
  await bed.createService("a");
  assert.equal(await bed.address("a"), "10.0.0.2");
  await bed.api.patch(`${nodes}/one/status`, nodeWith("10.0.0.2"));
  const { message } = await bed.event("LoadBalancerUpdateFailed");
  assert.equal(
    message,
    "address 10.0.0.2 is used by node one: ask for another one (the Service keeps 10.0.0.2)",
  );
  await bed.createService("b");
  assert.equal(await bed.address("b"), "10.0.0.1");
  assert.equal(await bed.address("a"), "10.0.0.2");
});

Deno.test("keepalived goes on without the right to see nodes, and says so once", async () => {
  await using log = await KeptLog.open();
  await using bed = new VipBed();
  await bed.createConfigMap();
  await bed.api.create(nodes, nodeWith("10.0.0.1"));
  bed.api.fail({ kind: "status", code: 403 }, 3, ({ path }) => path === nodes);
  bed.start();
  await bed.createService("a");
  assert.equal(await bed.address("a"), "10.0.0.1");
  // the right has come
  const { message } = await bed.event("LoadBalancerUpdateFailed");
  assert.match(message, /10\.0\.0\.1 is used by node one/);
  assert.equal(log.fieldsOf(/nodes may not be read/).length, 1);
});
