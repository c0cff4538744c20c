import assert from "assert";
import { ReferenceWatch } from "../../../../lib/cli/app/reference_watch.ts";
import { FakeApi, type FakeObject } from "../../../fakes/fake_api.ts";
import { FakeClock } from "../../../fakes/fake_clock.ts";

const secrets = "/api/v1/namespaces/ns/secrets";
const tls = { namespace: "ns", name: "tls" };

function secret(name: string, key = "a"): FakeObject {
  return { metadata: { name, namespace: "ns" }, type: "kubernetes.io/tls", data: { key } };
}

class WatchBed implements AsyncDisposable {
  readonly api = new FakeApi();
  readonly changes: string[] = [];
  readonly watch = new ReferenceWatch({
    cluster: "one",
    client: this.api,
    clock: new FakeClock(0),
    signal: new AbortController().signal,
    random: () => 0,
    changed: (name) => this.changes.push(name),
  });

  [Symbol.asyncDispose](): Promise<void> {
    return this.watch[Symbol.asyncDispose]();
  }
}

Deno.test("hold() reads what is named, and nothing else", async () => {
  await using bed = new WatchBed();
  bed.api.put(secrets, secret("tls"));
  bed.api.put(secrets, secret("other"));
  await bed.watch.hold("gw", ["Secret/ns/tls"]);
  assert.deepEqual(bed.watch.secrets([tls]).map(({ data }) => data), [{ key: "a" }]);
  assert.deepEqual(bed.watch.secrets([{ namespace: "ns", name: "other" }]), []);
  assert.deepEqual(bed.api.reads, [secrets]);
});

Deno.test("a named object that comes, changes and goes is told of", async () => {
  await using bed = new WatchBed();
  await bed.watch.hold("gw", ["Secret/ns/tls"]);
  assert.deepEqual(bed.changes, []);
  for (
    const step of [
      () => bed.api.put(secrets, secret("tls")),
      () => bed.api.put(secrets, secret("tls", "b")),
      () => bed.api.remove(`${secrets}/tls`),
    ]
  ) {
    const before = bed.changes.length;
    await bed.api.until(() => bed.api.watched.length === 1);
    step();
    while (bed.changes.length === before) await Promise.resolve();
  }
  assert.deepEqual(bed.changes, Array(3).fill("Secret/ns/tls"));
  assert.deepEqual(bed.watch.secrets([tls]), []);
});

Deno.test("an object is watched while somebody holds it", async () => {
  await using bed = new WatchBed();
  await bed.watch.hold("a", ["Secret/ns/tls", "ConfigMap/ns/ca"]);
  await bed.watch.hold("b", ["Secret/ns/tls"]);
  await bed.api.until(() => bed.api.watched.length === 2);
  assert.deepEqual(bed.api.watched, ["/api/v1/namespaces/ns/configmaps?ca", `${secrets}?tls`]);
  await bed.watch.hold("a", []);
  await bed.api.until(() => bed.api.watched.length === 1);
  assert.deepEqual(bed.api.watched, [`${secrets}?tls`]);
  await bed.watch.hold("b", []);
  await bed.api.until(() => bed.api.watched.length === 0);
});
