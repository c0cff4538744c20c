import assert from "assert";
import fc from "fast-check";
import type { Clock } from "../../../lib/core/mod.ts";
import type { Fault } from "../../../lib/embedded/mod.ts";
import { type KubeObject, runInformer } from "../../../lib/kube/mod.ts";
import { ApiBed, configMap } from "../../fakes/api_bed.ts";

const path = "/api/v1/namespaces/default/configmaps";

/** Time that passes as fast as it is asked for. */
const hasty: Clock = {
  now: () => 0,
  sleep: () => new Promise((resolve) => setTimeout(resolve)),
};

type Step =
  | { readonly do: "write"; readonly name: string; readonly n: number }
  | { readonly do: "remove"; readonly name: string }
  | { readonly do: "cut" | "compact" | "bookmark" | "turn" }
  | { readonly do: "fault"; readonly fault: Fault; readonly times: number };

const name = fc.constantFrom("a", "b", "c", "d");
const fault: fc.Arbitrary<Fault> = fc.oneof(
  fc.constantFrom(401, 403, 429, 500, 503).map((code) => ({ kind: "status" as const, code })),
  fc.constant({ kind: "garbage" as const }),
  fc.constant({ kind: "expired" as const }),
  fc.nat(3).map((afterEvents) => ({ kind: "close-watch" as const, afterEvents })),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant("write" as const), name, n: fc.nat(9) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("remove" as const), name }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom("cut" as const, "compact" as const, "bookmark" as const, "turn" as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("fault" as const),
      fault,
      times: fc.integer({ min: 1, max: 3 }),
    }),
  },
);

/** What an informer makes of the news, and whether it hears anything twice. */
class Mirror {
  readonly objects = new Map<string, string>();
  #newest = 0;
  #last = new Map<string, number>();
  #wake = () => {};

  sync(objects: readonly KubeObject[]): void {
    this.objects.clear();
    for (const object of objects) this.#put(object);
    this.#wake();
  }

  applied(object: KubeObject): void {
    this.#inOrder(object);
    this.#put(object);
    this.#wake();
  }

  deleted(object: KubeObject): void {
    this.#inOrder(object);
    this.objects.delete(object.metadata.name);
    this.#wake();
  }

  /** Resolves when an object is there, as `name:n`. */
  async sees(name: string, n: string): Promise<void> {
    while (this.objects.get(name) !== n) {
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
  }

  #put(object: KubeObject): void {
    const { name, resourceVersion } = object.metadata;
    const version = Number(resourceVersion);
    assert.ok(version >= (this.#last.get(name) ?? 0), `${name} went back to an older state`);
    this.#last.set(name, version);
    this.#newest = Math.max(this.#newest, version);
    this.objects.set(name, (object as unknown as { data: { n: string } }).data.n);
  }

  #inOrder({ metadata }: KubeObject): void {
    const version = Number(metadata.resourceVersion);
    assert.ok(version > this.#newest, `version ${version} came again`);
    this.#newest = version;
  }
}

Deno.test("runInformer() loses nothing and hears nothing twice, whatever breaks", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      await using bed = new ApiBed();
      const mirror = new Mirror();
      const stop = new AbortController();
      const failures: unknown[] = [];
      const running = runInformer({
        client: bed.client,
        path,
        decode: (raw) => raw as KubeObject,
        handlers: {
          sync: (objects) => mirror.sync(objects),
          applied: (object) => mirror.applied(object),
          deleted: (object) => mirror.deleted(object),
          failed: (error) => failures.push(error),
          unreadable: (error) => failures.push(error),
        },
        clock: hasty,
        random: () => 0,
        signal: stop.signal,
      });
      for (const one of steps) await take(bed, one);
      bed.fault = () => undefined;
      await bed.create(path, configMap("end", 1));
      await mirror.sees("end", "1");
      stop.abort();
      await running;
      for (const failure of failures) assert.ok(!(failure instanceof assert.AssertionError));
      const stored = bed.objects("configmaps").map(({ metadata, data }) => [metadata.name, data.n]);
      assert.deepEqual([...mirror.objects].toSorted(), stored.toSorted());
    }),
    { numRuns: 40 },
  );
});

async function take(bed: ApiBed, step: Step): Promise<void> {
  switch (step.do) {
    case "write": {
      const there = bed.objects("configmaps").some(({ metadata }) => metadata.name === step.name);
      if (!there) await bed.create(path, configMap(step.name, step.n));
      else await bed.patch(`${path}/${step.name}`, { data: { n: String(step.n) } });
      return;
    }
    case "remove": {
      const there = bed.objects("configmaps").some(({ metadata }) => metadata.name === step.name);
      if (there) await bed.remove(`${path}/${step.name}`);
      return;
    }
    case "cut":
      return bed.api.closeWatches();
    case "compact":
      return bed.api.store.compact();
    case "bookmark":
      return bed.api.bookmark();
    case "turn":
      return await new Promise((resolve) => setTimeout(resolve));
    case "fault":
      return bed.fail(step.fault, step.times, ({ method }) => method === "GET");
  }
}
