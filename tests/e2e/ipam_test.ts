/** `berth ipam` on a real API server, under exactly the ServiceAccount of its manifests. */
import assert from "assert";
import { type Bed, clusterDown, clusterUp, type KubeObject, until } from "./bed/mod.ts";
import { logged } from "./berth.ts";
import { InCluster } from "./in_cluster.ts";
import { clusterName } from "./scenario.ts";

const given = "kube-vip.io/loadbalancerIPs";
const finalizer = "service.kubernetes.io/load-balancer-cleanup";
const label = { implementation: "kube-vip" };
const lease = "kube-vip-cloud-controller";
const waitMs = 30_000;

/** The ConfigMap of the peer's own end-to-end tests. */
const examplePools = {
  "cidr-default": "192.168.0.200/29",
  "cidr-plunder": "192.168.0.210/29",
  "cidr-testing": "192.168.0.220/29",
  "allow-share-global": "true",
};

interface Service extends KubeObject {
  readonly metadata: KubeObject["metadata"] & {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly finalizers?: readonly string[];
  };
  readonly spec: { readonly loadBalancerIP?: string };
}

/** A cluster with pools, and the mode in it. */
class World implements AsyncDisposable {
  readonly bed: Bed;
  readonly mode: InCluster;

  constructor(bed: Bed, mode: InCluster) {
    this.bed = bed;
    this.mode = mode;
  }

  static async open(name: string, pools: Readonly<Record<string, string>>): Promise<World> {
    await clusterDown(clusterName(name));
    const bed = await clusterUp({ name: clusterName(name), index: 23 });
    try {
      await bed.api.create("/api/v1/namespaces/kube-system/configmaps", {
        metadata: { name: "kubevip" },
        data: pools,
      });
      return new World(bed, await InCluster.open(bed, "ipam"));
    } catch (error) {
      await bed.down();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.mode[Symbol.asyncDispose]();
    await this.bed.down();
  }

  /** Makes a LoadBalancer Service `namespace/name`. */
  async service(key: string, spec: object = {}, metadata: object = {}): Promise<Service> {
    const [namespace, name] = key.split("/");
    return await this.bed.api.create(`/api/v1/namespaces/${namespace}/services`, {
      metadata: { name, ...metadata },
      spec: { type: "LoadBalancer", ports: [{ port: 80 }], ...spec },
    });
  }

  async get(key: string): Promise<Service> {
    return await this.bed.api.get(pathOf(key));
  }

  /** The address of a Service, once it has one in annotation and field, with label and finalizer. */
  async address(key: string): Promise<string> {
    let address = "";
    await until(
      async () => {
        const { metadata, spec } = await this.get(key);
        address = metadata.annotations?.[given] ?? "";
        return address !== "" && spec.loadBalancerIP === address.split(",")[0] &&
          metadata.labels?.["implementation"] === "kube-vip" &&
          (metadata.finalizers ?? []).includes(finalizer);
      },
      waitMs,
      `${key} got no address`,
    );
    return address;
  }

  /** Deletes a Service and waits until it is gone. */
  async remove(key: string): Promise<void> {
    const [namespace = "", name = ""] = key.split("/");
    await this.bed.kubectl("delete", "service", "-n", namespace, name, "--timeout=30s");
  }
}

function pathOf(key: string): string {
  const [namespace, name] = key.split("/");
  return `/api/v1/namespaces/${namespace}/services/${name}`;
}

const classes = [
  { rows: "P2 P3", name: "kube-vip.io/kube-vip-class", env: {} },
  {
    rows: "P4 P5",
    name: "kube-vip.io/custom-vip-class",
    env: { KUBEVIP_CUSTOM_LOADBALANCERCLASS_NAME: "kube-vip.io/custom-vip-class" },
  },
];

Deno.test("P1-P5 both modes, on a real API server under the mode's own ServiceAccount", async (t) => {
  await using world = await World.open("ipam-modes", examplePools);
  const namespaces = ["default", "plunder", "testing"];
  for (const name of ["plunder", "testing", "unlisted"]) {
    await world.bed.api.create("/api/v1/namespaces", { metadata: { name } });
  }
  const args = ["--secure-port", "0"];

  await t.step("P1 default mode", async () => {
    await world.service("unlisted/web");
    const berth = await world.mode.start({ name: "default-mode", args });
    for (const namespace of namespaces) {
      await world.service(`${namespace}/web`);
      assert.match(await world.address(`${namespace}/web`), /^192\.168\.0\.2\d\d$/);
    }
    const { metadata } = await world.get("unlisted/web");
    assert.equal(metadata.annotations?.[given], undefined);
    assert.equal(metadata.labels, undefined);
    for (const namespace of [...namespaces, "unlisted"]) await world.remove(`${namespace}/web`);
    await berth.stop();
  });

  for (const { rows, name, env } of classes) {
    await t.step(`${rows} class ${name}`, async () => {
      const plain: Service[] = [];
      for (const namespace of namespaces) plain.push(await world.service(`${namespace}/plain`));
      const more = { ...env, KUBEVIP_ENABLE_LOADBALANCERCLASS: "true" };
      const berth = await world.mode.start({ name: name.replaceAll("/", "-"), args, env: more });
      for (const namespace of namespaces) {
        await world.service(`${namespace}/web`, { loadBalancerClass: name });
        assert.match(await world.address(`${namespace}/web`), /^192\.168\.0\.2\d\d$/);
        await world.remove(`${namespace}/web`);
      }
      for (const [i, namespace] of namespaces.entries()) {
        const { metadata } = await world.get(`${namespace}/plain`);
        assert.equal(metadata.resourceVersion, plain[i]?.metadata.resourceVersion);
        await world.remove(`${namespace}/plain`);
      }
      await berth.stop();
    });
  }
});

Deno.test("a replica that ends hands over at once, and one that lost its Lease ends with 1", async () => {
  await using world = await World.open("ipam-lease", { "cidr-global": "10.9.0.0/24" });
  // with such durations nothing but a Lease that was given up lets the other one begin
  const args = [
    ...["--secure-port", "0", "--leader-elect-lease-duration", "3h"],
    ...["--leader-elect-renew-deadline", "2h", "--leader-elect-retry-period", "1h"],
  ];
  const one = await world.mode.start({ name: "one", args });
  assert.equal(await world.mode.leader(lease), "one");
  const two = await world.mode.start({ name: "two", args });
  await logged(two, "standing by");
  await world.service("default/a");
  assert.equal(await world.address("default/a"), "10.9.0.1");
  assert.equal(await one.stop(), 0);
  await world.service("default/b");
  assert.equal(await world.address("default/b"), "10.9.0.2");
  assert.equal(await world.mode.leader(lease), "two");
  assert.doesNotMatch(await two.output(), /Ensured load balancer with 10\.9\.0\.1/);

  const quick = ["--secure-port", "0", "--leader-elect-retry-period", "100ms"];
  assert.equal(await two.stop(), 0);
  const three = await world.mode.start({ name: "three", args: quick });
  assert.equal(await world.mode.leader(lease), "three");
  const path = `/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/${lease}`;
  await world.bed.api.patch(path, { spec: { holderIdentity: "thief" } });
  await until(() => Promise.resolve(!three.running), waitMs, "berth went on without its Lease");
  assert.equal(await three.stop(), 1);
  assert.match(await three.output(), /kube-system\/kube-vip-cloud-controller is lost/);
});

Deno.test("where kube-vip-cloud-provider was, no Service is touched and no address given twice", async () => {
  await using world = await World.open("ipam-takeover", { "cidr-global": "10.9.0.0/24" });
  const allocated = (address: string) =>
    [{ loadBalancerIP: address }, {
      labels: label,
      annotations: { [given]: address },
      finalizers: [finalizer],
    }] as const;
  // as the peer leaves them: allocated, asked for by annotation, asked for by field
  const left: Readonly<Record<string, readonly [object, object]>> = {
    "default/one": allocated("10.9.0.1"),
    "default/two": allocated("10.9.0.2"),
    "default/moved-pool": allocated("10.8.0.1"),
    "default/annotated": [{}, {
      labels: label,
      annotations: { [given]: "10.9.0.4" },
      finalizers: [finalizer],
    }],
    "default/by-field": [{ loadBalancerIP: "10.9.0.3" }, {
      annotations: { [given]: "10.9.0.3" },
      finalizers: [finalizer],
    }],
  };
  const before = new Map<string, string | undefined>();
  for (const [key, [spec, metadata]] of Object.entries(left)) {
    before.set(key, (await world.service(key, spec, metadata)).metadata.resourceVersion);
  }
  await world.service("default/waits");
  await world.mode.start({ name: "berth", args: ["--secure-port", "0"] });
  assert.equal(await world.address("default/waits"), "10.9.0.5");
  await world.service("default/new");
  assert.equal(await world.address("default/new"), "10.9.0.6");
  for (const [key, version] of before) {
    assert.equal((await world.get(key)).metadata.resourceVersion, version, `${key} was written`);
  }
});

Deno.test("manifests are valid, probes and metrics answer, a right that is missing is named", async () => {
  await using world = await World.open("ipam-probes", { "cidr-global": "10.9.0.0/24" });
  const port = freePort();
  const args = ["--bind-address", "127.0.0.1", "--secure-port", String(port)];
  const berth = await world.mode.start({ name: "berth", args });
  await world.service("default/a");
  await world.address("default/a");
  const ask = async (path: string) => await (await fetch(`http://127.0.0.1:${port}${path}`)).text();
  const deployment = `${world.mode.folder}/manifests.yaml`;
  await Deno.writeTextFile(deployment, world.mode.manifests);
  // strict: the server knows every field, and admits the Deployment
  await world.bed.kubectl("apply", "--dry-run=server", "--validate=strict", "-f", deployment);
  assert.equal(await ask("/healthz"), "ok\n");
  assert.equal(await ask("/readyz"), "ok\n");
  const metrics = await ask("/metrics");
  assert.match(metrics, /^berth_leader 1$/m);
  assert.match(
    metrics,
    /^berth_ipam_pool_addresses_in_use\{pool="cidr-global",family="IPv4"\} 1$/m,
  );
  const role = "/apis/rbac.authorization.k8s.io/v1/clusterroles/berth-ipam";
  await world.bed.api.patch(role, {
    rules: [{ apiGroups: [""], resources: ["services", "namespaces"], verbs: ["list", "watch"] }],
  });
  await world.service("default/b");
  await logged(berth, "give berth's user this right");
});

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
