import assert from "assert";
import { livePoolObjects } from "../../../../lib/cli/sources/live_pools.ts";
import { poolSource } from "../../../../lib/cli/sources/pools.ts";
import { ApiBed } from "../../../fakes/api_bed.ts";
import { fakeSettings } from "../../../fakes/cli.ts";
import { kindMachine, sourceOptions } from "../../../fakes/cli_machine.ts";
import { kindNode } from "../../../fakes/kind_containers.ts";

const { signal } = new AbortController();

/** A file with a text, gone at the end of its scope. */
async function fileWith(text: string) {
  const path = await Deno.makeTempFile();
  await Deno.writeTextFile(path, text);
  return { path, [Symbol.asyncDispose]: () => Deno.remove(path) };
}

Deno.test("livePoolObjects() reads ConfigMap, Services and Namespaces of a cluster", async () => {
  await using bed = new ApiBed();
  await using file = await fileWith(bed.api.kubeconfig());
  const settings = fakeSettings("pools explain", {
    kubeconfig: file.path,
    poolNamespace: "default",
    poolConfigMap: "pools",
  });
  const bare = await livePoolObjects({ settings, env: {} }, signal);
  assert.deepEqual(bare.data, {});
  assert.deepEqual(bare.problems.map(({ severity }) => severity), ["error"]);
  assert.match(
    bare.problems[0]?.message ?? "",
    /no ConfigMap default\/pools: make it \(kubectl -n default create configmap pools .*PREFIX\)/,
  );
  await bed.create("/api/v1/namespaces/default/configmaps", {
    metadata: { name: "pools" },
    data: { "cidr-global": "10.0.0.0/24" },
  });
  await bed.create("/api/v1/namespaces/default/services", {
    metadata: { name: "web" },
    spec: { type: "LoadBalancer", ports: [{ port: 80 }] },
  });
  await bed.create("/api/v1/nodes", {
    metadata: { name: "one" },
    status: { addresses: [{ type: "InternalIP", address: "10.0.0.1" }] },
  });
  const objects = await livePoolObjects({ settings, env: {} }, signal);
  assert.deepEqual(objects.data, { "cidr-global": "10.0.0.0/24" });
  assert.ok(objects.services.some(({ metadata }) => metadata.name === "web"));
  assert.ok(objects.namespaceLabels.has("default"));

  await using source = await poolSource({ settings, env: {} });
  const { pools, pending } = await source.overview({ signal });
  assert.deepEqual(pools.map(({ pool, size, used }) => [pool, size, used]), [
    ["cidr-global", "254", 1],
  ]);
  assert.match(pending[0]?.reason ?? "", /waits for 10\.0\.0\.2/);

  bed.fail({ kind: "status", code: 403 }, 1, ({ path }) => path === "/api/v1/nodes");
  const { reserved, problems } = await livePoolObjects({ settings, env: {} }, signal);
  assert.equal(reserved.size, 0);
  assert.match(problems[0]?.message ?? "", /nodes may not be listed, .*: grant list of nodes/);
});

Deno.test("livePoolObjects() says which clusters there are", async () => {
  await using bed = await kindMachine();
  const read = (clusters: readonly string[]) =>
    livePoolObjects(
      sourceOptions(bed, { command: "pools explain", changed: { clusters } }),
      signal,
    );
  await assert.rejects(read(["two"]), /there is no cluster two \(found one\): name it with --clus/);
  bed.fake.run(kindNode({ cluster: "two", name: "two-control-plane", role: "control-plane" }));
  await assert.rejects(
    read([]),
    /one cluster is needed \(found one, two\): name it with --cluster/,
  );
});
