import assert from "assert";
import { GatewayApi, type WatchedKind } from "../../../../lib/cli/app/gateway_api.ts";
import { FakeApi, type FakeObject } from "../../../fakes/fake_api.ts";
import { FakeClock } from "../../../fakes/fake_clock.ts";
import { gateway, gatewayClass, grant } from "../../../fakes/gateway_objects.ts";

const group = "/apis/gateway.networking.k8s.io";
const definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const namespaces = "/api/v1/namespaces";

class GatewayApiBed implements AsyncDisposable {
  readonly api = new FakeApi();
  readonly news: string[] = [];
  readonly #waiting = new Set<() => void>();
  #opened: GatewayApi | undefined;

  open(): GatewayApi {
    const told = (text: string) => {
      this.news.push(text);
      for (const wake of this.#waiting) wake();
    };
    return this.#opened = new GatewayApi({
      cluster: "one",
      client: this.api,
      clock: new FakeClock(0),
      signal: new AbortController().signal,
      handlers: {
        sync: (kind, objects) => told(`${kind} ${objects.length}`),
        applied: (kind, { metadata }) => told(`${kind} +${metadata.name}`),
        deleted: (kind, { metadata }) => told(`${kind} -${metadata.name}`),
        definitions: (present) => told(`definitions ${present.size}`),
      },
    });
  }

  /** Resolves once the news has come. */
  async until(text: string): Promise<void> {
    while (!this.news.includes(text)) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#waiting.add(resolve);
      await promise;
      this.#waiting.delete(resolve);
    }
  }

  put(kind: WatchedKind, path: string, object: object): void {
    assert.ok(kind);
    this.api.put(path, object as FakeObject);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#opened?.[Symbol.asyncDispose]();
  }
}

Deno.test("a cluster without definitions costs one watch", async () => {
  await using bed = new GatewayApiBed();
  const opened = bed.open();
  await opened.ready();
  await bed.api.until(() => bed.api.watched.length > 0);
  assert.deepEqual(bed.api.watched, [definitions]);
  assert.deepEqual(bed.news, ["definitions 0"]);
});

Deno.test("ready() resolves when every kind that is there has been listed", async () => {
  await using bed = new GatewayApiBed();
  bed.api.define("gatewayclasses");
  bed.api.define("gateways");
  bed.put("GatewayClass", `${group}/v1/gatewayclasses`, gatewayClass());
  bed.put("Gateway", `${group}/v1/namespaces/ns/gateways`, gateway());
  const opened = bed.open();
  await opened.ready();
  assert.deepEqual(bed.news.toSorted(), [
    ...["Gateway 1", "GatewayClass 1", "Namespace 0", "definitions 2"],
  ]);
  assert.equal(opened.version("Gateway"), "v1");
  assert.equal(opened.version("TLSRoute"), undefined);
});

Deno.test("a kind is watched from the moment its definition appears until it goes", async () => {
  await using bed = new GatewayApiBed();
  const opened = bed.open();
  await opened.ready();
  await bed.api.until(() => bed.api.watched.length > 0);
  bed.api.define("tlsroutes", ["v1alpha2"]);
  await bed.until("TLSRoute 0");
  assert.equal(opened.version("TLSRoute"), "v1alpha2");
  await bed.api.until(() => bed.api.watched.length === 3);
  assert.deepEqual(bed.api.watched, [namespaces, definitions, `${group}/v1alpha2/tlsroutes`]);
  bed.news.length = 0;
  bed.api.remove(`${definitions}/tlsroutes.gateway.networking.k8s.io`);
  await bed.until("TLSRoute 0");
  assert.equal(opened.version("TLSRoute"), undefined);
});

Deno.test("a definition that serves a better version is followed there", async () => {
  await using bed = new GatewayApiBed();
  bed.api.define("referencegrants", ["v1beta1"]);
  const opened = bed.open();
  await opened.ready();
  await bed.api.until(() => bed.api.watched.length === 3);
  bed.api.define("referencegrants", ["v1beta1", "v1"]);
  await bed.api.until(() => bed.api.watched.includes(`${group}/v1/referencegrants`));
  assert.equal(opened.version("ReferenceGrant"), "v1");
  assert.ok(!bed.api.watched.includes(`${group}/v1beta1/referencegrants`));
});

Deno.test("objects stay known while their version changes", async () => {
  await using bed = new GatewayApiBed();
  for (const version of ["v1beta1", "v1"]) {
    const grants = `${group}/${version}/namespaces/ns/referencegrants`;
    bed.put("ReferenceGrant", grants, grant("ns", "shop", "Service"));
  }
  bed.api.define("referencegrants", ["v1beta1"]);
  await bed.open().ready();
  bed.news.length = 0;
  bed.api.define("referencegrants", ["v1"]);
  await bed.until("ReferenceGrant 1");
  assert.ok(!bed.news.includes("ReferenceGrant 0"));
});

Deno.test("a definition that is not established is waited for", async () => {
  await using bed = new GatewayApiBed();
  const opened = bed.open();
  await opened.ready();
  await bed.api.until(() => bed.api.watched.length > 0);
  const name = "udproutes.gateway.networking.k8s.io";
  const spec = { versions: [{ name: "v1", served: true }] };
  bed.api.put(definitions, { metadata: { name }, spec });
  bed.api.define("udproutes");
  await bed.until("UDPRoute 0");
});
