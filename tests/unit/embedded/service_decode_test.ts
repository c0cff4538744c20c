import assert from "assert";
import type { Json } from "../../../lib/embedded/json.ts";
import { decodeService, unknownServiceFields } from "../../../lib/embedded/service_decode.ts";
import { refusal } from "../../fakes/registry_bed.ts";

function service(spec: { readonly [key: string]: Json }) {
  return { apiVersion: "v1", kind: "Service", metadata: { name: "a" }, spec };
}

Deno.test("decodeService() drops zero values and keeps a port of 0 for the validation to see", () => {
  const { spec } = decodeService(service({
    clusterIP: "",
    healthCheckNodePort: 0,
    externalIPs: [],
    ports: [{ name: "", port: 80, nodePort: 0 }, {}],
  }));
  assert.deepEqual(spec, { ports: [{ port: 80 }, { port: 0 }] });
});

const WRONG: readonly (readonly [string, { readonly [key: string]: Json }])[] = [
  ["type", { type: 5 }],
  ["ports", { ports: {} }],
  ["ports.port", { ports: [{ port: "80" }] }],
  ["ports.targetPort", { ports: [{ port: 80, targetPort: true }] }],
  ["clusterIPs", { clusterIPs: [1] }],
  ["selector", { selector: { a: 1 } }],
  ["allocateLoadBalancerNodePorts", { allocateLoadBalancerNodePorts: "yes" }],
  ["healthCheckNodePort", { healthCheckNodePort: 1.5 }],
  ["sessionAffinityConfig", { sessionAffinityConfig: [] }],
];

for (const [field, spec] of WRONG) {
  Deno.test(`decodeService() refuses a wrong type of ${field}`, () => {
    assert.match(
      refusal(() => decodeService(service(spec))),
      new RegExp(`^400 .*cannot unmarshal .*${field} `),
    );
  });
}

Deno.test("unknownServiceFields() names what does not exist", () => {
  const spec = {
    type: "X",
    prots: [],
    ports: [{ port: 1, targetport: 2, $patch: "delete" }],
    $retainKeys: [],
  };
  assert.deepEqual(unknownServiceFields(spec), ["spec.prots", "spec.ports[0].targetport"]);
});
