import assert from "assert";
import { apiHost, shapeOf } from "./shape.ts";

Deno.test("shapeOf() names and places nodes as kind does", () => {
  const shape = shapeOf({ name: "a", workers: 2 });
  const names = ["a-control-plane", "a-worker", "a-worker2"];
  assert.deepEqual(shape.nodes.map((node) => node.name), names);
  assert.deepEqual(shape.podRanges, ["10.244.0.0/16"]);
  assert.deepEqual(shape.serviceRanges, ["10.96.0.0/16"]);
  assert.deepEqual(shape.apiServiceAddresses, ["10.96.0.1"]);
  assert.equal(shape.dnsAddress, "10.96.0.10");
  assert.equal(shape.controlPlaneTaint, true);
});

Deno.test("shapeOf() leaves a single node open for Pods", () => {
  assert.equal(shapeOf({ name: "a" }).controlPlaneTaint, false);
});

Deno.test("shapeOf() gives both families their ranges, and each index its own", () => {
  const shape = shapeOf({ name: "a", family: "dual", index: 3 });
  assert.deepEqual(shape.podRanges, ["10.241.0.0/16", "fd00:10:241::/56"]);
  assert.deepEqual(shape.serviceRanges, ["10.99.0.0/16", "fd00:10:99::/112"]);
  assert.deepEqual(shape.apiServiceAddresses, ["10.99.0.1", "fd00:10:99::1"]);
});

Deno.test("shapeOf() refuses what cannot be made", () => {
  assert.throws(() => shapeOf({ name: "A b" }), /malformed/);
  assert.throws(() => shapeOf({ name: "a", index: 61 }), /0 to 60/);
});

Deno.test("apiHost() is the load balancer when there are several control planes", () => {
  assert.equal(apiHost(shapeOf({ name: "a", controlPlanes: 3 })).name, "a-external-load-balancer");
  assert.equal(apiHost(shapeOf({ name: "a" })).name, "a-control-plane");
});
