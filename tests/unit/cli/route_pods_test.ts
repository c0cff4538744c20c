import assert from "assert";
import { ReadyPods } from "../../../lib/cli/ready_pods.ts";
import { routePods, worksInPart } from "../../../lib/cli/route_pods.ts";
import type { BackendReference, Route } from "../../../lib/gateway/types.ts";
import { meta } from "../../fakes/gateway_objects.ts";
import { endpointSlice, lbService } from "../../fakes/kube_objects.ts";

const names = ["full", "empty", "drained"];
const pods = new ReadyPods({
  services: [
    ...names.map((name) => lbService({ metadata: { name } })),
    lbService({ metadata: { name: "empty", namespace: "other" } }),
  ],
  slices: [endpointSlice({ service: "full" })],
});

function route(...rules: readonly (readonly Partial<BackendReference>[])[]): Route {
  return {
    kind: "HTTPRoute",
    metadata: meta("route"),
    spec: {
      rules: rules.map((refs) => ({
        backendRefs: refs.map((ref) => ({ name: "full", port: 80, ...ref })),
      })),
    },
  };
}

const said = (...services: readonly string[]) =>
  services.map((service) => `no Pod of Service ${service} is ready`);

Deno.test("routePods() tells rules that reach no Pod, though their backends exist", () => {
  const [full, empty, drained] = names.map((name) => ({ name }));
  assert.ok(full !== undefined && empty !== undefined && drained !== undefined);
  const cases: readonly (readonly [string, Route, readonly string[], boolean])[] = [
    ["all is well", route([full]), [], false],
    ["one backend", route([empty]), said("ns/empty"), true],
    ["one of two backends", route([empty, full]), [], false],
    ["both backends", route([empty, drained]), said("ns/empty", "ns/drained"), true],
    ["each once", route([empty], [empty]), said("ns/empty"), true],
    ["one of two rules", route([empty], [full]), said("ns/empty"), false],
    ["another namespace", route([{ ...empty, namespace: "other" }]), said("other/empty"), true],
    ["no share", route([empty, { ...full, weight: 0 }]), said("ns/empty"), true],
    ["nothing gets a share", route([{ ...empty, weight: 0 }]), [], false],
    ["beside one that is not there", route([empty, { name: "gone" }]), said("ns/empty"), true],
    ["only one that is not there", route([{ name: "gone" }]), [], false],
    ["of another kind", route([{ ...empty, kind: "Bucket" }]), [], false],
    ["a redirect", route([]), [], false],
    ["a redirect beside", route([], [empty]), said("ns/empty"), true],
  ];
  for (const [name, one, remarks, none] of cases) {
    assert.deepEqual(routePods(one, pods), { remarks, none }, name);
  }
});

Deno.test("worksInPart() finds anything that may be answered", () => {
  const [full, gone] = [{ name: "full" }, { name: "gone" }];
  const cases: readonly (readonly [Route, boolean])[] = [
    [route([full]), true],
    [route([gone]), false],
    [route([gone], [full]), true],
    [route([gone, full]), true],
    [route([gone, { ...full, weight: 0 }]), false],
    [route([gone], []), true],
    [route([{ ...full, kind: "Bucket" }]), false],
  ];
  for (const [one, expected] of cases) assert.equal(worksInPart(one, pods), expected);
});
