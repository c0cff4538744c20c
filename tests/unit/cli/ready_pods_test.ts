import assert from "assert";
import { noPodText, ReadyPods } from "../../../lib/cli/ready_pods.ts";
import { endpoint, endpointSlice, lbService } from "../../fakes/kube_objects.ts";

const failing = endpoint("10.0.0.2", "a", { ready: false });
const pods = new ReadyPods({
  services: [
    lbService(),
    lbService({ metadata: { name: "empty" } }),
    lbService({ metadata: { name: "failing" } }),
    lbService({ metadata: { name: "outside" }, spec: { type: "ExternalName" } }),
    lbService({ metadata: { name: "web", namespace: "other" } }),
  ],
  slices: [endpointSlice(), endpointSlice({ service: "failing", endpoints: [failing] })],
});

Deno.test("ReadyPods.has() tells whether a port has a Pod, and nothing of what is not there", () => {
  const cases = [
    ["ns", "web", { number: 80 }, true],
    ["ns", "web", { name: "http" }, true],
    ["ns", "web", { number: 81 }, undefined],
    ["ns", "web", { name: "other" }, undefined],
    ["ns", "empty", { number: 80 }, false],
    ["ns", "failing", { number: 80 }, false],
    ["other", "web", { number: 80 }, false],
    ["ns", "outside", { number: 80 }, undefined],
    ["ns", "gone", { number: 80 }, undefined],
  ] as const;
  for (const [namespace, name, port, expected] of cases) {
    assert.equal(pods.has({ namespace, name, port }), expected, `${namespace}/${name}`);
  }
});

Deno.test("noPodText() names the Service", () => {
  assert.equal(noPodText({ namespace: "ns", name: "web" }), "no Pod of Service ns/web is ready");
});
