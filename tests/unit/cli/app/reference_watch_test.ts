import assert from "assert";
import { AppError } from "../../../../lib/core/mod.ts";
import { KubeError, type Listing } from "../../../../lib/kube/mod.ts";
import { ReferenceWatch } from "../../../../lib/cli/app/reference_watch.ts";
import { FakeApi, type FakeObject } from "../../../fakes/fake_api.ts";
import { FakeClock } from "../../../fakes/fake_clock.ts";

const secrets = "/api/v1/namespaces/ns/secrets";
const tls = { namespace: "ns", name: "tls" };

function secret(name: string, key = "a"): FakeObject {
  return { metadata: { name, namespace: "ns" }, type: "kubernetes.io/tls", data: { key } };
}

class WatchBed implements AsyncDisposable {
  readonly api: FakeApi;
  readonly clock = new FakeClock(0);
  readonly changes: string[] = [];
  readonly watch: ReferenceWatch;

  constructor(api = new FakeApi()) {
    this.api = api;
    this.watch = new ReferenceWatch({
      cluster: "one",
      client: api,
      clock: this.clock,
      signal: new AbortController().signal,
      random: () => 0,
      changed: (name) => this.changes.push(name),
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.watch[Symbol.asyncDispose]();
  }
}

Deno.test("hold() reads what is named, and nothing else", async () => {
  await using bed = new WatchBed();
  bed.api.put(secrets, secret("tls"));
  bed.api.put(secrets, secret("other"));
  assert.equal(await bed.watch.hold("gw", ["Secret/ns/tls"]), true);
  assert.deepEqual(bed.watch.secrets([tls]).map(({ data }) => data), [{ key: "a" }]);
  assert.deepEqual(bed.watch.secrets([{ namespace: "ns", name: "other" }]), []);
  assert.deepEqual(bed.api.reads, [secrets]);
});

/** An API server that answers no list but with these errors, the last one for ever. */
class FailingApi extends FakeApi {
  readonly #errors: Error[];

  constructor(...errors: Error[]) {
    super();
    this.#errors = errors;
  }

  override list(path: string): Promise<Listing> {
    this.reads.push(path);
    const error = this.#errors.length > 1 ? this.#errors.shift() : this.#errors[0];
    return Promise.reject(error);
  }
}

for (
  const [what, error, expected] of [
    ["is out of reach", new AppError("nobody there", { kind: "unavailable" }), false],
    ["is starting", new KubeError("wait", { status: 503 }), false],
    ["refuses", new KubeError("not yours", { status: 403 }), true],
    ["cannot take the name", new KubeError("bad selector", { status: 400 }), true],
  ] as const
) {
  Deno.test(`hold() ${expected ? "is content" : "does not know"} when the server ${what}`, async () => {
    await using bed = new WatchBed(new FailingApi(error));
    const known = bed.watch.hold("gw", ["Secret/ns/tls"]);
    await bed.clock.advance(2_000);
    assert.equal(await known, expected);
  });
}

Deno.test("hold() takes for absent what the server fails to tell for long", async () => {
  await using bed = new WatchBed(new FailingApi(new KubeError("cannot decrypt", { status: 500 })));
  const first = bed.watch.hold("gw", ["Secret/ns/tls"]);
  await bed.clock.advance(2_000);
  assert.equal(await first, false);
  assert.deepEqual(bed.changes, []);
  await bed.clock.advance(60_000);
  // who waits for it is told, though nothing came
  assert.deepEqual(bed.changes, ["Secret/ns/tls"]);
  assert.equal(await bed.watch.hold("gw", ["Secret/ns/tls"]), true);
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
