import assert from "assert";
import { VipController } from "../../../../lib/cli/app/vip_controller.ts";
import { VipMetrics } from "../../../../lib/cli/app/vip_metrics.ts";
import { VipReports } from "../../../../lib/cli/app/vip_reports.ts";
import { VipStore } from "../../../../lib/cli/app/vip_store.ts";
import { vipConfigMapOf } from "../../../../lib/cli/app/vip_config_map.ts";
import { Wake } from "../../../../lib/cli/app/wake.ts";
import { formatState, stateAnnotation, vipPool } from "../../../../lib/keepalived/mod.ts";
import { KubeError } from "../../../../lib/kube/mod.ts";
import { Metrics } from "../../../../lib/monitor/mod.ts";
import { KeptLog } from "../../../fakes/kept_log.ts";
import { fastClock } from "../../../fakes/fast_clock.ts";
import { vipRecord, vipService } from "../../../fakes/vip_world.ts";

/** A controller between a store and a client that answers as told. */
function bed(client: {
  get(path: string): Promise<unknown>;
  patch(path: string, body: unknown): Promise<unknown>;
}) {
  const store = new VipStore();
  store.syncNodes([]);
  const wake = new Wake();
  const stop = new AbortController();
  let settled = Promise.withResolvers<string | undefined>();
  const controller = new VipController({
    mode: { namespace: "ns", name: "vips", pool: vipPool("10.0.0.0/24") },
    clock: fastClock(100),
    signal: stop.signal,
    reports: new VipReports({ record: () => {} }),
    metrics: new VipMetrics(new Metrics()),
    unready: (problem) => settled.resolve(problem),
    client,
    store,
    wake,
  });
  return {
    store,
    /** Looks once for each change, and returns what `/readyz` says after the last one. */
    async look(...changes: readonly (() => void)[]): Promise<string | undefined> {
      const running = controller.run();
      let problem: string | undefined;
      for (const change of [() => {}, ...changes]) {
        settled = Promise.withResolvers();
        change();
        wake.wake();
        problem = await settled.promise;
      }
      stop.abort();
      await running;
      return problem;
    },
  };
}

const record = vipRecord("a", "10.0.0.1");
const configMap = {
  metadata: {
    ...{ name: "vips", namespace: "ns", uid: "u", resourceVersion: "1" },
    annotations: { [stateAnnotation]: formatState({ records: [record], unreadable: [] }) },
  },
  data: { "10.0.0.1": "default/a" },
};

Deno.test("KCP-leak-doubt: a record stays when its Service is there after all", async () => {
  const asked: string[] = [];
  const { store, look } = bed({
    get: (path) => {
      asked.push(path);
      return Promise.resolve(vipService("a", { ingress: [{ ip: "10.0.0.1" }] }));
    },
    patch: () => Promise.reject(new Error("nothing is to be written")),
  });
  // a listing of Services that is older than the ConfigMap
  store.syncServices([]);
  store.syncConfigMap([configMap]);
  assert.equal(await look(), undefined);
  assert.deepEqual(asked, ["/api/v1/namespaces/default/services/a"]);
});

Deno.test("KCP-leak-seen: a Service that was seen to go is not asked for", async () => {
  const patches: unknown[] = [];
  const { store, look } = bed({
    get: () => Promise.reject(new Error("nothing is to be asked")),
    patch: (_path, body) => {
      patches.push(body);
      return Promise.resolve({ ...configMap, data: {} });
    },
  });
  store.syncServices([vipService("a")]);
  store.syncConfigMap([configMap]);
  store.dropService(vipService("a"));
  assert.equal(await look(), undefined);
  assert.equal(patches.length, 1);
});

Deno.test("VipController says why it cannot work", async () => {
  const { store, look } = bed({
    get: () => Promise.reject(new KubeError("GET: answered 500", { status: 500 })),
    patch: () => Promise.reject(new KubeError("PATCH: answered 403", { status: 403 })),
  });
  store.syncServices([vipService("b")]);
  store.syncConfigMap([{ ...configMap, metadata: { ...configMap.metadata, annotations: {} } }]);
  assert.equal(await look(), "PATCH: answered 403");
});

Deno.test("VipController logs a ConfigMap that is missing once, until it has been there", async () => {
  await using log = await KeptLog.open();
  const never = () => Promise.reject(new Error("nothing is to be asked"));
  const { store, look } = bed({ get: never, patch: never });
  store.syncServices([]);
  store.syncConfigMap([]);
  const bare = { ...configMap, metadata: { ...configMap.metadata, annotations: {} }, data: {} };
  const problem = await look(
    () => store.putService(vipService("c")),
    () => store.dropService(vipService("c")),
    () => store.putConfigMap(vipConfigMapOf(bare)),
    () => store.dropConfigMap(),
    () => {},
  );
  const words = /^the VIP ConfigMap ns\/vips does not exist: create it \(kubectl /;
  assert.match(problem ?? "", words);
  const told = log.fieldsOf(/not settled/).map(({ error }) => error);
  assert.deepEqual(told, [problem, problem]);
});

Deno.test("VipController gives up a race that somebody else always wins", async () => {
  let version = 1;
  const { store, look } = bed({
    get: () => {
      const metadata = { ...configMap.metadata, annotations: {}, resourceVersion: `${version}` };
      return Promise.resolve({ ...configMap, metadata });
    },
    patch: () => {
      version++;
      return Promise.reject(new KubeError("PATCH: answered 409", { status: 409 }));
    },
  });
  store.syncServices([vipService("b")]);
  store.syncConfigMap([{ ...configMap, metadata: { ...configMap.metadata, annotations: {} } }]);
  assert.match(await look() ?? "", /changed during 20 attempts/);
});
