import assert from "assert";
import { networkPools } from "../../../../lib/addresses/mod.ts";
import { poolRow, poolSource } from "../../../../lib/cli/sources/pools.ts";
import { fakeSettings } from "../../../fakes/cli.ts";
import { KindBed } from "../../../fakes/kind_bed.ts";
import { kindMachine } from "../../../fakes/cli_machine.ts";

const [near] = networkPools({ name: "kind", subnets: ["172.18.0.0/16"] });

Deno.test("poolRow() counts each address of the range once", () => {
  assert.ok(near);
  const used = ["172.18.255.0", "172.18.255.0", "172.18.255.9", "172.18.3.1", "fc00::1", "host"];
  assert.deepEqual(poolRow(near, { clusters: ["a", "b"], used }), {
    pool: "kind",
    network: "kind",
    clusters: ["a", "b"],
    range: "172.18.255.0-172.18.255.254",
    family: "IPv4",
    size: "255",
    used: 2,
    use: "automatic",
    nearlyFull: false,
  });
});

Deno.test("poolSource() tells of a cluster that is not there, and of one that does not answer", async () => {
  await using bed = await kindMachine();
  const env = { DOCKER_HOST: `unix://${bed.socket.path}` };
  const { signal } = new AbortController();
  const overview = async (clusters: readonly string[]) => {
    await using source = await poolSource({ settings: fakeSettings("pools", { clusters }), env });
    return await source.overview({ signal });
  };
  const missing = await overview(["nonesuch"]);
  assert.deepEqual(missing.pools, []);
  assert.deepEqual(missing.problems, ["there is no cluster nonesuch: found one"]);
  const silent = await overview(["one"]);
  assert.equal(silent.pools[0]?.network, "kind");
  assert.match(silent.problems[0] ?? "", /^cluster one cannot be read: /);
});

Deno.test("poolSource() counts what Ingresses have, and what other clusters of the network have", async () => {
  await using bed = await KindBed.open();
  await using one = await bed.cluster("one");
  await using two = await bed.cluster("two");
  const show = async ({ api }: typeof one, path: string, ip: string) =>
    await api.patch(`${path}/status`, { status: { loadBalancer: { ingress: [{ ip }] } } });
  await one.expose("web");
  await show(one, "/api/v1/namespaces/default/services/web", "172.18.255.1");
  await two.expose("other");
  await show(two, "/api/v1/namespaces/default/services/other", "172.18.255.3");
  const ingresses = "/apis/networking.k8s.io/v1/namespaces/default/ingresses";
  const defaultBackend = { service: { name: "web", port: { number: 80 } } };
  await one.api.create(ingresses, { metadata: { name: "in" }, spec: { defaultBackend } });
  await show(one, `${ingresses}/in`, "172.18.255.2");
  const env = { DOCKER_HOST: `unix://${bed.socket.path}` };
  const settings = fakeSettings("pools", { clusters: ["one"] });
  await using source = await poolSource({ settings, env });
  const { pools, problems } = await source.overview({ signal: new AbortController().signal });
  assert.deepEqual([pools[0]?.used, pools[0]?.clusters, problems], [3, ["one", "two"], []]);
});
