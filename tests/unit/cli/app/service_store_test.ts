import assert from "assert";
import fc from "fast-check";
import { ServiceStore } from "../../../../lib/cli/app/service_store.ts";
import type { EndpointSlice, Service } from "../../../../lib/kube/types.ts";
import { endpointSlice, lbService } from "../../../fakes/kube_objects.ts";

Deno.test("ServiceStore tells which Services a slice touches", () => {
  const store = new ServiceStore();
  assert.deepEqual(store.putSlice(endpointSlice()), ["ns/web"]);
  assert.deepEqual(store.putSlice(endpointSlice({ service: "other" })), ["ns/web", "ns/other"]);
  assert.deepEqual(store.removeSlice(endpointSlice()), ["ns/other"]);
  assert.deepEqual(store.removeSlice(endpointSlice()), []);
  assert.deepEqual(store.putSlice(endpointSlice({ service: null })), []);
});

Deno.test("ServiceStore keeps slices that come before their Service", () => {
  const store = new ServiceStore();
  store.putSlice(endpointSlice());
  assert.equal(store.service("ns/web"), undefined);
  store.putService(lbService());
  assert.equal(store.slices("ns/web").length, 1);
});

Deno.test("ServiceStore moves a slice whose label names another Service", () => {
  const store = new ServiceStore();
  store.putSlice(endpointSlice());
  store.putSlice(endpointSlice({ service: "other" }));
  assert.equal(store.slices("ns/other").length, 1);
  assert.deepEqual(store.slices("ns/web"), []);
});

type Step =
  | { readonly put: "service" | "slice"; readonly name: string; readonly owner: string }
  | { readonly remove: "service" | "slice"; readonly name: string; readonly owner: string }
  | { readonly sync: "service" | "slice"; readonly names: readonly string[] };

const name = fc.constantFrom("a", "b", "c");
const kind = fc.constantFrom("service" as const, "slice" as const);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ put: kind, name, owner: name }),
  fc.record({ remove: kind, name, owner: name }),
  fc.record({ sync: kind, names: fc.uniqueArray(name) }),
);

const service = (name: string): Service => lbService({ metadata: { name } });
const slice = (name: string, owner: string): EndpointSlice =>
  endpointSlice({ name, service: owner });

/** What is there, kept the simplest way. */
class Model {
  services: readonly Service[] = [];
  slices: readonly EndpointSlice[] = [];

  apply(step: Step): void {
    if ("sync" in step) {
      if (step.sync === "service") this.services = step.names.map(service);
      else this.slices = step.names.map((name) => slice(name, name));
      return;
    }
    const other = ({ metadata }: Service | EndpointSlice) => metadata.name !== step.name;
    const put = "put" in step;
    if ((put ? step.put : step.remove) === "service") {
      this.services = [...this.services.filter(other), ...(put ? [service(step.name)] : [])];
    } else {
      const added = put ? [slice(step.name, step.owner)] : [];
      this.slices = [...this.slices.filter(other), ...added];
    }
  }

  slicesOf(owner: string): readonly EndpointSlice[] {
    return this.slices.filter(({ metadata }) =>
      metadata.labels?.["kubernetes.io/service-name"] === owner
    );
  }
}

function apply(store: ServiceStore, step: Step): Iterable<string> {
  if ("sync" in step) {
    return step.sync === "service"
      ? store.syncServices(step.names.map(service))
      : store.syncSlices(step.names.map((name) => slice(name, name)));
  }
  if ("put" in step) {
    return step.put === "service"
      ? [store.putService(service(step.name))]
      : store.putSlice(slice(step.name, step.owner));
  }
  return step.remove === "service"
    ? [store.removeService(service(step.name))]
    : store.removeSlice(slice(step.name, step.owner));
}

Deno.test("ServiceStore agrees with a simple model, and names every key that changed", () => {
  const names = ["a", "b", "c"];
  const view = (model: Model) =>
    names.map((name) => [
      model.services.some(({ metadata }) => metadata.name === name),
      model.slicesOf(name).map(({ metadata }) => metadata.name).toSorted(),
    ]);
  fc.assert(fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
    const store = new ServiceStore();
    const model = new Model();
    for (const step of steps) {
      const before = view(model);
      model.apply(step);
      const touched = new Set(apply(store, step));
      const after = view(model);
      names.forEach((name, at) => {
        assert.equal(store.service(`ns/${name}`) !== undefined, after[at]?.[0]);
        const slices = store.slices(`ns/${name}`).map(({ metadata }) => metadata.name);
        assert.deepEqual(slices.toSorted(), after[at]?.[1]);
        const changed = JSON.stringify(before[at]) !== JSON.stringify(after[at]);
        if (changed) assert.ok(touched.has(`ns/${name}`), `${name} was not told`);
      });
      assert.deepEqual([...store.keys()].length, model.services.length);
    }
  }));
});
