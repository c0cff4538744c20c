import assert from "assert";
import { errorKind, errorText } from "../../../lib/core/mod.ts";
import { connectOnce, type KindCluster } from "../../../lib/clusters/mod.ts";
import { discoverClusters } from "../../../lib/clusters/discover.ts";
import { adminConf, pem } from "../../fakes/admin_conf.ts";
import { FakeEngine } from "../../fakes/fake_engine.ts";
import { kindNode } from "../../fakes/kind_containers.ts";
import { parseAdminConf } from "../../../lib/clusters/kubeconfig.ts";

const CONF = "/etc/kubernetes/admin.conf";
const VERSION = { status: 200, body: '{"gitVersion":"v1.36.3"}' };

async function bed(files: Readonly<Record<string, string>> = { [CONF]: adminConf() }) {
  const engine = new FakeEngine();
  const ports = { "6443/tcp": { address: "127.0.0.1", port: 7 } };
  engine.run(kindNode({ name: "cp", role: "control-plane", ports, files }));
  return { engine, cluster: await only(engine) };
}

async function only(engine: FakeEngine): Promise<KindCluster> {
  const [cluster] = discoverClusters(await engine.containers({ labels: [] }));
  assert.ok(cluster);
  return cluster;
}

const signal = new AbortController().signal;

Deno.test("connectOnce() gives access through the endpoint that answers", async () => {
  const { engine, cluster } = await bed();
  const access = await connectOnce(cluster, {
    engine,
    signal,
    probe: (server) =>
      server === "https://127.0.0.1:7"
        ? Promise.resolve(VERSION)
        : Promise.reject(new Error("dns error")),
  });
  const { kubeconfig, identity, ...rest } = access;
  assert.deepEqual(rest, {
    cluster: "one",
    server: "https://127.0.0.1:7",
    via: "external",
    version: "v1.36.3",
  });
  assert.match(identity, /^[0-9a-f]{32}$/);
  assert.equal(parseAdminConf(kubeconfig).server, "https://127.0.0.1:7");
});

Deno.test("connectOnce() gives the probe the cluster's own credentials", async () => {
  const { engine, cluster } = await bed();
  const seen = new Set<string>();
  await connectOnce(cluster, {
    engine,
    signal,
    probe: (_server, { credentials }) => {
      seen.add(credentials.ca);
      return Promise.resolve(VERSION);
    },
  });
  assert.deepEqual([...seen], [pem("ca.pem")]);
});

Deno.test("connectOnce() tells that a cluster is being created", async () => {
  const { engine, cluster } = await bed({});
  const error = await connectOnce(cluster, { engine, signal }).catch((reason) => reason);
  assert.equal(errorKind(error), "not-found");
  assert.match(errorText(error), /cluster one is being created/);
});

Deno.test("connectOnce() tells how to start a stopped control plane", async () => {
  const { engine } = await bed();
  engine.stop("cp");
  const error = await connectOnce(await only(engine), { engine, signal }).catch((e) => e);
  assert.equal(errorKind(error), "unavailable");
  assert.match(errorText(error), /cluster one is stopped: start it with docker start cp/);
});

Deno.test("connectOnce() reads from another control plane when one fails", async () => {
  const engine = new FakeEngine();
  engine.run(kindNode({ name: "cp", role: "control-plane" }));
  const files = { [CONF]: adminConf() };
  engine.run(kindNode({ name: "cp2", role: "control-plane", files }));
  const probe = () => Promise.resolve(VERSION);
  const access = await connectOnce(await only(engine), { engine, signal, probe });
  assert.equal(access.via, "internal");
});

Deno.test("connectOnce() refuses expired credentials without asking the server", async () => {
  const { engine, cluster } = await bed({
    [CONF]: adminConf({ clientCertificate: "client_expired.pem" }),
  });
  const probe = () => Promise.reject(new Error("asked"));
  const error = await connectOnce(cluster, { engine, signal, probe }).catch((reason) => reason);
  assert.equal(errorKind(error), "forbidden");
  assert.match(errorText(error), /cluster one expired on 2021-02-03: renew/);
});

Deno.test("connectOnce() never succeeds without a good answer", async () => {
  const { engine, cluster } = await bed();
  for (const status of [401, 403, 429, 500, 404]) {
    const probe = () => Promise.resolve({ status, body: "garbage" });
    const outcome = connectOnce(cluster, { engine, signal, probe });
    assert.equal(await outcome.then(() => "access", () => "failed"), "failed", String(status));
  }
  const probe = () => Promise.reject(new Error("refused"));
  const error = await connectOnce(cluster, { engine, signal, probe }).catch((reason) => reason);
  assert.match(
    errorText(error),
    /one-control-plane:6443: refused; https:\/\/127\.0\.0\.1:7: refused/,
  );
});
