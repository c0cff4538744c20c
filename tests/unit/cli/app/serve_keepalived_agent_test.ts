import assert from "assert";
import { serveKeepalivedAgent } from "../../../../lib/cli/app/serve_keepalived_agent.ts";
import { ApiBed } from "../../../fakes/api_bed.ts";
import { fakeSettings } from "../../../fakes/cli.ts";
import { FakeKeepalived } from "../../../fakes/fake_keepalived.ts";
import { fastClock } from "../../../fakes/fast_clock.ts";

// a shell script stands in for keepalived, which runs on Linux alone
const ignore = Deno.build.os === "windows";
const path = "/api/v1/namespaces/default/configmaps";

/** An agent that keeps a stand-in in step with the emulator's ConfigMap. */
class AgentBed implements AsyncDisposable {
  readonly api = new ApiBed();
  readonly keepalived = new FakeKeepalived();
  readonly #stop = new AbortController();
  #running = Promise.resolve();

  async start(vrrpOnly = true): Promise<void> {
    const { program, conf, pidFile, folder } = this.keepalived;
    const kubeconfig = `${folder}/kubeconfig`;
    await Deno.writeTextFile(kubeconfig, this.api.api.kubeconfig());
    const settings = fakeSettings("keepalived agent", {
      ...{ kubeconfig, vrrpOnly, servicesConfigMap: "default/vips", iface: "eth0", spawn: true },
      ...{ keepalivedProgram: program, keepalivedConf: conf, keepalivedPid: pidFile },
    });
    const { signal } = this.#stop;
    this.#running = serveKeepalivedAgent(settings, { signal, env: {}, clock: fastClock(10) });
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await this.api[Symbol.asyncDispose]();
    await this.keepalived[Symbol.asyncDispose]();
  }
}

Deno.test("KKV-agent: each change of the ConfigMap reaches keepalived", { ignore }, async () => {
  await using bed = new AgentBed();
  await bed.api.create(path, { metadata: { name: "vips" }, data: { "10.0.0.1": "" } });
  await bed.start();
  await bed.keepalived.logged("start 1");
  await bed.keepalived.pid();
  await bed.api.patch(`${path}/vips`, { data: { "10.0.0.2": "default/web" } });
  await bed.keepalived.logged("reload 2");
  // entries that cannot be read take nothing from the others
  await bed.api.patch(`${path}/vips`, { data: { "10.0.0.3": "", "bad": "entry" } });
  await bed.keepalived.logged("reload 3");
  await bed.stop();
  assert.equal((await bed.keepalived.log()).at(-1), "stop");
});

Deno.test(
  "KKV-agent-deleted: without the ConfigMap the old configuration stays",
  { ignore },
  async () => {
    await using bed = new AgentBed();
    await bed.api.create(path, { metadata: { name: "vips" }, data: { "10.0.0.1": "" } });
    await bed.start();
    await bed.keepalived.logged("start 1");
    await bed.keepalived.pid();
    await bed.api.remove(`${path}/vips`);
    const data = { "10.0.0.1": "", "10.0.0.2": "" };
    await bed.api.create(path, { metadata: { name: "vips" }, data });
    await bed.keepalived.logged("reload 2");
    assert.deepEqual(await bed.keepalived.log(), ["start 1", "reload 2"]);
  },
);

Deno.test(
  "KKV-agent-lvs: endpoints become virtual servers unless told not to",
  { ignore },
  async () => {
    await using bed = new AgentBed();
    await bed.api.create(path, { metadata: { name: "vips" }, data: { "10.0.0.1": "default/web" } });
    await bed.api.create("/api/v1/namespaces/default/services", {
      metadata: { name: "web" },
      spec: { ports: [{ port: 80, protocol: "TCP" }] },
    });
    await bed.start(false);
    await bed.keepalived.logged("start 1");
    await bed.keepalived.pid();
    await bed.api.create("/apis/discovery.k8s.io/v1/namespaces/default/endpointslices", {
      metadata: { name: "web-1", labels: { "kubernetes.io/service-name": "web" } },
      addressType: "IPv4",
      ports: [{ port: 8080, protocol: "TCP", name: "" }],
      endpoints: [{ addresses: ["10.244.0.2"] }],
    });
    await bed.keepalived.logged("reload 2");
    assert.match(await Deno.readTextFile(bed.keepalived.conf), /real_server 10\.244\.0\.2 8080/);
  },
);

Deno.test("serveKeepalivedAgent() refuses to start without an interface", async () => {
  const settings = fakeSettings("keepalived agent", { servicesConfigMap: "default/vips" });
  await assert.rejects(
    serveKeepalivedAgent(settings, { signal: AbortSignal.abort(), env: {} }),
    /--iface is ""/,
  );
});
