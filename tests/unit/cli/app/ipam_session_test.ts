import assert from "assert";
import { runIpamSession } from "../../../../lib/cli/app/ipam_session.ts";
import { AppError, systemClock } from "../../../../lib/core/mod.ts";
import type { FaultRequest } from "../../../../lib/embedded/mod.ts";
import { ApiBed } from "../../../fakes/api_bed.ts";
import { KeptLog } from "../../../fakes/kept_log.ts";

const services = "/api/v1/namespaces/default/services";
const service = (name: string) => ({ metadata: { name }, spec: { ports: [{ port: 80 }] } });

/** What a controller would be told, in order. */
class Told {
  readonly lines: string[] = [];
  #wake: () => void = () => {};

  start = () => this.add("start");
  sync = (all: readonly { metadata: { name: string } }[]) =>
    this.add(
      `services ${
        all.map(({ metadata }) => metadata.name).filter((name) => name !== "kubernetes")
      }`,
    );
  apply = ({ metadata }: { metadata: { name: string } }) => this.add(`applied ${metadata.name}`);
  remove = ({ metadata }: { metadata: { name: string } }) => this.add(`removed ${metadata.name}`);
  configure = (map: { data?: unknown } | undefined) =>
    this.add(`pools ${JSON.stringify(map?.data)}`);
  syncNodes = () => this.add("nodes");
  applyNode = ({ metadata }: { metadata: { name: string } }) =>
    this.add(`node applied ${metadata.name}`);
  removeNode = ({ metadata }: { metadata: { name: string } }) =>
    this.add(`node removed ${metadata.name}`);
  label = (all: ReadonlyMap<string, unknown>) =>
    this.add(`labels ${JSON.stringify(all.get("default"))}`);

  add(line: string): void {
    this.lines.push(line);
    this.#wake();
  }

  async until(line: string, times = 1): Promise<void> {
    while (this.lines.filter((one) => one === line).length < times) {
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
  }
}

Deno.test("runIpamSession() starts when all is known, and tells what changes", async () => {
  await using log = await KeptLog.open();
  await using bed = new ApiBed();
  bed.api.seedSample();
  for (const { metadata } of bed.objects("services")) {
    if (metadata.name !== "kubernetes") await bed.remove(`${services}/${metadata.name}`);
  }
  await bed.create(services, service("early"));
  const forbidden = { kind: "status", code: 403 } as const;
  bed.fail(forbidden, 1, ({ path }) => path.endsWith("/configmaps"));
  const onMap = ({ path, watch }: FaultRequest) => watch && path.endsWith("/configmaps");
  bed.fail({ kind: "expired" }, 1, onMap);
  const told = new Told();
  const stop = new AbortController();
  const problems: (string | undefined)[] = [];
  const running = runIpamSession({
    client: bed.client,
    controller: told,
    clock: systemClock,
    signal: stop.signal,
    poolNamespace: "kube-system",
    poolConfigMap: "kubevip",
    random: () => 0,
    unready: (problem) => problems.push(problem),
  });
  await told.until("start");
  assert.match(problems.find((one) => one?.startsWith("ConfigMap")) ?? "", /403.*this right/);
  const before = told.lines.slice(0, told.lines.indexOf("start"));
  for (const line of ["services early", "pools undefined", "nodes"]) {
    assert.ok(before.includes(line), `${line} came after the start`);
  }
  // listed anew, it is still missing: that is no news
  await told.until("pools undefined", 2);
  const missing = {
    configMap: "kube-system/kubevip",
    create: "kubectl -n kube-system create configmap kubevip --from-literal=cidr-global=CIDR",
  };
  assert.deepEqual(log.fieldsOf(/no ConfigMap with pools/), [missing]);
  assert.equal(problems.at(-1), undefined);
  const configs = "/api/v1/namespaces/kube-system/configmaps";
  await bed.create(configs, { metadata: { name: "other" }, data: { a: "b" } });
  await bed.create(configs, { metadata: { name: "kubevip" }, data: { "cidr-x": "y" } });
  await told.until('pools {"cidr-x":"y"}');
  await bed.create(services, service("late"));
  await told.until("applied late");
  await bed.remove(`${services}/late`);
  await told.until("removed late");
  await bed.remove(`${configs}/kubevip`);
  await told.until("pools undefined", 3);
  assert.deepEqual(log.fieldsOf(/no ConfigMap with pools/), [missing, missing]);
  assert.ok(!told.lines.some((line) => line.includes('"a":"b"')), "another ConfigMap was read");
  stop.abort();
  await running;
});

Deno.test("runIpamSession() ends when the sandbox refuses: no second try can help", async () => {
  const cause = new Deno.errors.NotCapable("no net");
  const client = {
    list: () => Promise.reject(new AppError("cannot reach it", { kind: "forbidden", cause })),
    async *watch() {
      await Promise.resolve();
      yield* [];
    },
  };
  const stop = new AbortController();
  const running = runIpamSession({
    client,
    controller: new Told(),
    clock: systemClock,
    signal: stop.signal,
    poolNamespace: "kube-system",
    poolConfigMap: "kubevip",
    random: () => 0,
    unready: () => {},
  });
  await assert.rejects(running, /cannot reach it/);
  stop.abort();
});
