import assert from "assert";
import { listShape } from "../../../lib/embedded/merge_keys.ts";

Deno.test.each(
  [
    ["Service", "spec.ports", "port,protocol"],
    ["Pod", "spec.containers", "name"],
    ["Deployment", "spec.template.spec.containers.ports", "containerPort,protocol"],
    ["Node", "status.conditions", "type"],
    ["EndpointSlice", "ports", "atomic"],
    ["EndpointSlice", "endpoints", "atomic"],
    ["Service", "metadata.finalizers", "set"],
    ["Service", "spec.clusterIPs", "atomic"],
  ] as const,
)("listShape() of $0 $1 is $2", (kind, path, expected) => {
  const shape = listShape(kind, path.split("."));
  assert.equal(shape.type === "map" ? shape.keys.join() : shape.type, expected);
});
