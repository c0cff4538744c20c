import assert from "assert";
import { type Duty, runReplica } from "../../../../lib/cli/app/replica.ts";
import type { Settings } from "../../../../lib/cli/options.ts";
import { ApiBed } from "../../../fakes/api_bed.ts";
import { fakeSettings } from "../../../fakes/cli.ts";
import { fastClock } from "../../../fakes/fast_clock.ts";

/** A free port; nobody else asks the system for one in this process. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** A replica of the emulator's cluster. */
class Replica implements AsyncDisposable {
  readonly bed = new ApiBed();
  readonly stop = new AbortController();
  readonly port = freePort();
  readonly done: Promise<void>;
  readonly #file = Deno.makeTempFileSync();
  readonly #working = Promise.withResolvers<Duty>();

  constructor(changed: Partial<Settings> = {}) {
    Deno.writeTextFileSync(this.#file, this.bed.api.kubeconfig());
    this.done = runReplica({
      settings: fakeSettings("ipam", { kubeconfig: this.#file, ...changed }),
      env: { HOSTNAME: "host-a" },
      signal: this.stop.signal,
      clock: fastClock(20),
      leaseName: "lock",
      monitor: { host: "127.0.0.1", port: this.port },
      work: async (duty) => {
        this.#working.resolve(duty);
        await new Promise((resolve) => duty.signal.addEventListener("abort", resolve));
      },
    });
    this.done.catch(() => {});
  }

  get working(): Promise<Duty> {
    return this.#working.promise;
  }

  async ask(path: string): Promise<string> {
    const response = await fetch(`http://127.0.0.1:${this.port}${path}`);
    return `${response.status} ${await response.text()}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.stop.abort();
    await this.done.catch(() => {});
    await this.bed[Symbol.asyncDispose]();
    await Deno.remove(this.#file);
  }
}

Deno.test("runReplica() works as leader, answers probes and leaves the Lease", async () => {
  await using replica = new Replica();
  const { unready } = await replica.working;
  const [lease] = replica.bed.objects("coordination.k8s.io/leases");
  assert.match(lease?.["spec"].holderIdentity, /^host-a_[0-9a-f-]{36}$/);
  assert.equal(await replica.ask("/readyz"), "200 ok\n");
  unready("no pools yet");
  assert.equal(await replica.ask("/readyz"), "503 no pools yet\n");
  assert.match(await replica.ask("/metrics"), /^berth_leader 1$/m);
  replica.stop.abort();
  await replica.done;
  const [left] = replica.bed.objects("coordination.k8s.io/leases");
  assert.equal(left?.["spec"].holderIdentity, "");
});

Deno.test("runReplica() works at once without election", async () => {
  await using replica = new Replica({ leaderElect: false });
  await replica.working;
  assert.deepEqual(replica.bed.objects("coordination.k8s.io/leases"), []);
});

Deno.test("runReplica() rejects when the Lease is lost, which ends the process", async () => {
  await using replica = new Replica({ resourceName: "other" });
  const { signal } = await replica.working;
  const path = "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/other";
  await replica.bed.patch(path, { spec: { holderIdentity: "thief" } });
  await assert.rejects(replica.done, /kube-system\/other is lost/);
  assert.equal(signal.aborted, true);
});

Deno.test("runReplica() refuses durations with which no leader could stay", async () => {
  await using replica = new Replica({ leaseDuration: "5s" });
  await assert.rejects(replica.done, /--leader-elect-lease-duration \(5s\)/);
});
