import assert from "assert";
import { parse } from "yaml";
import { ClusterLock, discoverClusters } from "../../../../lib/clusters/mod.ts";
import { statusSource, withContext } from "../../../../lib/cli/sources/status.ts";
import { AppError, systemClock } from "../../../../lib/core/mod.ts";
import { serve } from "../../../../lib/embedded/mod.ts";
import { fakeSettings } from "../../../fakes/cli.ts";
import { KindBed } from "../../../fakes/kind_bed.ts";
import { kubeconfig } from "../../../fakes/kube_server.ts";
import { kindMachine, sourceOptions } from "../../../fakes/cli_machine.ts";

const config = `
apiVersion: v1
kind: Config
contexts:
- name: a
  context: { cluster: ca, user: ua }
- name: b
  context: { cluster: cb, user: ub }
current-context: a
`;

const good = [
  { wanted: undefined, context: "a" },
  { wanted: "a", context: "a" },
  { wanted: "b", context: "b" },
];

for (const { wanted, context } of good) {
  Deno.test(`withContext() with ${wanted ?? "no wish"} uses ${context}`, () => {
    const result = withContext(config, wanted);
    assert.equal(result.context, context);
    assert.deepEqual(parse(result.text), { ...parse(config), "current-context": context });
  });
}

const bad = [
  {
    name: "an unknown context",
    text: config,
    wanted: "c",
    message: /context c: .*\(it has a, b\)/,
  },
  { name: "an empty text", text: "", wanted: undefined, message: /\(it has none\)/ },
  { name: "a list", text: "- a", wanted: undefined, message: /\(it has none\)/ },
  {
    name: "no current context",
    text: config.replace("current-context: a", ""),
    wanted: undefined,
    message: /give --context \(it has a, b\)/,
  },
];

for (const { name, text, wanted, message } of bad) {
  Deno.test(`withContext() refuses ${name}`, () => {
    assert.throws(() => withContext(text, wanted), (error) => {
      assert.ok(error instanceof AppError);
      assert.equal(error.kind, "invalid");
      assert.match(error.message, message);
      return true;
    });
  });
}

Deno.test("statusSource() tells clusters that do not answer and clusters that are not there", async () => {
  await using bed = await kindMachine();
  const changed = { clusters: ["one", "two"] };
  await using ports = await statusSource(sourceOptions(bed, { command: "status", changed }));
  const readings = await ports.readings({ signal: new AbortController().signal });
  assert.deepEqual(readings.map(({ cluster }) => cluster), ["one", "two"]);
  assert.match(JSON.stringify(readings[1]), /there is no such cluster: found one"/);
});

Deno.test("statusSource() tells whether a berth serves a cluster", async () => {
  await using bed = await KindBed.open();
  await using _ = await bed.cluster("one");
  const env = { DOCKER_HOST: `unix://${bed.socket.path}` };
  await using ports = await statusSource({ settings: fakeSettings("status"), env });
  const life = new AbortController();
  const served = async () => {
    const [reading] = await ports.readings(life);
    return reading !== undefined && "served" in reading ? reading.served : undefined;
  };
  assert.equal(await served(), false);
  const [cluster] = discoverClusters(await bed.engine.containers({ labels: [] }));
  assert.ok(cluster !== undefined);
  const options = { engine: bed.engine, clock: systemClock, cluster: () => cluster };
  await using lock = new ClusterLock(options);
  await lock.take(() => {}, life);
  assert.equal(await served(), true);
});

Deno.test("statusSource() reads the cluster of a kubeconfig without an engine", async () => {
  await using api = serve();
  const folder = await Deno.makeTempDir();
  const kubeconfig = `${folder}/kubeconfig`;
  await Deno.writeTextFile(kubeconfig, api.kubeconfig());
  const settings = fakeSettings("status", { kubeconfig });
  await using ports = await statusSource({ settings, env: { DOCKER_HOST: "unix:///nowhere" } });
  const [reading] = await ports.readings({ signal: new AbortController().signal });
  assert.equal(reading?.cluster, "berth-dev");
  assert.ok(reading && "services" in reading);
  assert.ok(reading.services.some(({ metadata }) => metadata.name === "kubernetes"));
  await Deno.remove(folder, { recursive: true });
});

for (
  const [what, items, hasRoutes] of [["an Ingress", [{}], true], ["no Ingress", [], false]] as const
) {
  Deno.test(`statusSource() says hasRoutes ${hasRoutes} with ${what}`, async () => {
    const place = { hostname: "127.0.0.1", port: 0, onListen: () => {} };
    await using server = Deno.serve(place, (request) => {
      const { pathname } = new URL(request.url);
      const list = (found: readonly unknown[]) =>
        Response.json({ items: found, metadata: { resourceVersion: "1" } });
      if (pathname === "/api/v1/services") return list([]);
      return pathname.endsWith("/v1/ingresses") ? list(items) : new Response("{}", { status: 404 });
    });
    const path = await Deno.makeTempFile();
    try {
      await Deno.writeTextFile(path, kubeconfig(`http://127.0.0.1:${server.addr.port}`));
      const settings = fakeSettings("status", { kubeconfig: path });
      await using source = await statusSource({ settings, env: {} });
      const [reading] = await source.readings({ signal: new AbortController().signal });
      assert.deepEqual(reading, { cluster: "c", services: [], hasRoutes });
    } finally {
      await Deno.remove(path);
    }
  });
}
