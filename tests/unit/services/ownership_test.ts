import assert from "assert";
import type { Condition } from "../../../lib/kube/types.ts";
import {
  choosePlane,
  ownership,
  servingCondition,
  unknownClass,
} from "../../../lib/services/mod.ts";
import { lbService, type ServiceChange } from "../../fakes/kube_objects.ts";

const ours = "service.kubernetes.io/load-balancer-cleanup";
const deleted = { deletionTimestamp: "2026-01-01T00:00:00Z" };
const served: readonly Condition[] = [{
  ...{ type: servingCondition, status: "True", reason: "Served", message: "" },
  lastTransitionTime: "2026-01-01T00:00:00Z",
}];
const ofClass = (loadBalancerClass: string): ServiceChange => ({ spec: { loadBalancerClass } });
const clusterIp = { spec: { type: "ClusterIP" } };

Deno.test("ownership() decides whose a Service is", () => {
  const cases: readonly (readonly [string, ServiceChange, boolean, string])[] = [
    ["no class", {}, false, "serve"],
    ["class berth.dev/berth", ofClass("berth.dev/berth"), false, "serve"],
    ["class berth.dev/kernel", ofClass("berth.dev/kernel"), false, "serve"],
    ["class berth.dev/embedded", ofClass("berth.dev/embedded"), false, "serve"],
    ["a foreign class", ofClass("metallb.io/metallb"), false, "ignore"],
    ["an unknown class of ours", ofClass("berth.dev/warp"), false, "ignore"],
    ["the name of an object member as class", ofClass("constructor"), false, "ignore"],
    ["another type", clusterIp, false, "ignore"],
    ["another type, but held", clusterIp, true, "release"],
    [
      "another type with our finalizer and condition",
      { ...clusterIp, metadata: { finalizers: [ours] }, conditions: served },
      false,
      "release",
    ],
    [
      "another type with a finalizer that may be another controller's",
      { ...clusterIp, metadata: { finalizers: [ours] } },
      false,
      "ignore",
    ],
    ["another type, long released", { ...clusterIp, conditions: served }, false, "ignore"],
    ["deleted and held", { metadata: { ...deleted, finalizers: [ours] } }, true, "release"],
    [
      "deleted with our finalizer",
      { metadata: { ...deleted, finalizers: [ours] } },
      false,
      "release",
    ],
    [
      "deleted, only a foreign finalizer",
      { metadata: { ...deleted, finalizers: ["x/y"] } },
      false,
      "ignore",
    ],
    [
      "deleted, foreign finalizer, held",
      { metadata: { ...deleted, finalizers: ["x/y"] } },
      true,
      "release",
    ],
    [
      "deleted, of a foreign class, with the shared finalizer",
      { ...ofClass("metallb.io/metallb"), metadata: { ...deleted, finalizers: [ours] } },
      false,
      "ignore",
    ],
    ["a foreign class that took the name of one held", ofClass("metallb.io/x"), true, "abandon"],
  ];
  for (const [what, change, held, expected] of cases) {
    assert.equal(ownership(lbService(change), { held }), expected, what);
  }
});

Deno.test("choosePlane() follows the annotation, then the class, then the default", () => {
  const plane = (value: string): ServiceChange => ({ annotations: { "berth.dev/plane": value } });
  const cases: readonly (readonly [string, ServiceChange, string])[] = [
    ["nothing", {}, "kernel"],
    ["class berth.dev/berth", ofClass("berth.dev/berth"), "kernel"],
    ["class berth.dev/embedded", ofClass("berth.dev/embedded"), "embedded"],
    ["class berth.dev/envoy", ofClass("berth.dev/envoy"), "envoy"],
    ["annotation", plane("embedded"), "embedded"],
    ["annotation", plane("envoy"), "envoy"],
    ["annotation before class", { ...plane("kernel"), ...ofClass("berth.dev/embedded") }, "kernel"],
    [
      "auto leaves it to the class",
      { ...plane("auto"), ...ofClass("berth.dev/embedded") },
      "embedded",
    ],
    ["empty annotation", plane(""), "kernel"],
  ];
  for (const [what, change, expected] of cases) {
    assert.equal(choosePlane(lbService(change), "kernel"), expected, what);
  }
});

Deno.test("unknownClass() tells of classes that only look like ours", () => {
  assert.equal(
    unknownClass(lbService(ofClass("berth.dev/kernal"))),
    'loadBalancerClass "berth.dev/kernal" does not exist: make the Service again without one, or ' +
      "with one of berth.dev/berth, berth.dev/kernel, berth.dev/embedded, berth.dev/envoy",
  );
  const fine = [{}, ofClass("berth.dev/kernel"), ofClass("metallb.io/metallb"), clusterIp];
  for (const change of fine) assert.equal(unknownClass(lbService(change)), undefined);
});

Deno.test("choosePlane() refuses a plane that does not exist", () => {
  const service = lbService({ annotations: { "berth.dev/plane": "Kernel" } });
  assert.throws(() => choosePlane(service, "kernel"), {
    kind: "invalid",
    message: 'annotation berth.dev/plane is "Kernel": use "kernel", "envoy", "embedded" or "auto"',
  });
});
