import assert from "assert";
import { type ApiHandlers, openApiSession } from "../../../../lib/cli/app/api_session.ts";
import { systemClock } from "../../../../lib/core/mod.ts";
import type { KubeObject } from "../../../../lib/kube/types.ts";
import { ApiBed } from "../../../fakes/api_bed.ts";

/** Writes down the news and lets a test wait for some. */
class News {
  readonly told: string[] = [];
  #wake = () => {};

  readonly handlers: ApiHandlers = {
    services: this.#of("service"),
    slices: this.#of("slice"),
    nodes: this.#of("node"),
    pods: this.#of("pod"),
    synced: () => this.#tell("synced"),
  };

  async until(text: string): Promise<void> {
    while (!this.told.includes(text)) {
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
  }

  #of(kind: string) {
    const names = (objects: readonly KubeObject[]) => objects.map(({ metadata }) => metadata.name);
    return {
      sync: (objects: readonly KubeObject[]) => this.#tell(`${kind}s ${names(objects)}`),
      applied: (object: KubeObject) => this.#tell(`${kind} ${names([object])}`),
      deleted: (object: KubeObject) => this.#tell(`no ${kind} ${names([object])}`),
    };
  }

  #tell(text: string): void {
    this.told.push(text);
    this.#wake();
  }
}

function slice(name: string, labels: object): unknown {
  return {
    ...{ apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice", addressType: "IPv4" },
    ...{ metadata: { name, labels }, endpoints: [], ports: [] },
  };
}

const slices = "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices";

function open(bed: ApiBed, news: News, signal = new AbortController().signal) {
  const kubeconfig = bed.api.kubeconfig();
  return openApiSession({
    ...{ cluster: "one", kubeconfig, clock: systemClock, signal },
    handlers: news.handlers,
  });
}

Deno.test("openApiSession() tells handlers that are instances of a class", async () => {
  class Pods {
    readonly news = Promise.withResolvers<string>();
    readonly synced = Promise.withResolvers<void>();
    sync(): void {
      this.synced.resolve();
    }
    applied({ metadata }: KubeObject): void {
      this.news.resolve(metadata.name);
    }
    deleted(): void {}
  }
  await using bed = new ApiBed();
  const pods = new Pods();
  const handlers = { ...new News().handlers, pods };
  const kubeconfig = bed.api.kubeconfig();
  const { signal } = new AbortController();
  await using _ = openApiSession({
    ...{ cluster: "one", kubeconfig, clock: systemClock, signal, handlers },
  });
  await pods.synced.promise;
  const spec = { containers: [{ name: "c", image: "i" }] };
  await bed.create("/api/v1/namespaces/default/pods", {
    ...{ apiVersion: "v1", kind: "Pod", metadata: { name: "late" }, spec },
  });
  assert.equal(await pods.news.promise, "late");
});

Deno.test("openApiSession() follows Services, Nodes and the slices of Services", async () => {
  await using bed = new ApiBed();
  bed.api.seedSample();
  await bed.create(slices, slice("web-1", { "kubernetes.io/service-name": "web" }));
  await bed.create(slices, slice("loose", {}));
  const news = new News();
  await using _session = open(bed, news);
  await news.until("synced");
  await news.until("pods ");
  // Pods may be told at any time: nothing waits for them
  const told = news.told.filter((text) => text !== "pods ");
  assert.deepEqual(told.toSorted(), [
    "nodes berth-dev-control-plane,berth-dev-worker",
    "services kubernetes",
    "slices web-1",
    "synced",
  ]);
  assert.equal(told.at(-1), "synced");
  await bed.remove(`${slices}/web-1`);
  await news.until("no slice web-1");
  await bed.patch("/api/v1/nodes/berth-dev-worker", { metadata: { labels: { a: "b" } } });
  await news.until("node berth-dev-worker");
});

Deno.test("openApiSession() tells once that all is known, and again what it lists again", async () => {
  await using bed = new ApiBed();
  const news = new News();
  await using _session = open(bed, news);
  await news.until("synced");
  bed.fail({ kind: "expired" }, 3, ({ watch }) => watch);
  bed.api.closeWatches();
  while (news.told.filter((text) => text === "services kubernetes").length < 2) {
    await new Promise((resolve) => setTimeout(resolve));
  }
  assert.equal(news.told.filter((text) => text === "synced").length, 1);
});

Deno.test("openApiSession() ends with its disposal and with the signal", async () => {
  await using bed = new ApiBed();
  const news = new News();
  const session = open(bed, news);
  await news.until("synced");
  await session[Symbol.asyncDispose]();
  await session[Symbol.asyncDispose]();
  const stop = new AbortController();
  await using _other = open(bed, new News(), stop.signal);
  stop.abort();
});
