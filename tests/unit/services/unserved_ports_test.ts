import assert from "assert";
import { readUnservedPorts, unservedPorts } from "../../../lib/services/mod.ts";
import { lbService } from "../../fakes/kube_objects.ts";

const ports = [{ port: 80 }, { port: 132, protocol: "SCTP" as const }];
const service = lbService({ spec: { ports } });

Deno.test("unservedPorts() finds SCTP on every plane but the kernel's", () => {
  assert.equal(unservedPorts(service, "kernel"), undefined);
  assert.equal(unservedPorts(lbService(), "envoy"), undefined);
  for (const plane of ["envoy", "embedded"] as const) {
    assert.deepEqual(unservedPorts(service, plane)?.ports, ["SCTP/132"]);
  }
});

Deno.test("readUnservedPorts() finds what unservedPorts() says, among other remarks", () => {
  const said = unservedPorts(service, "envoy");
  const text = said?.text ?? assert.fail("nothing is said");
  for (const message of [text, `envoy plane; ${text}`, `envoy plane; 80; ${text}; more`]) {
    assert.deepEqual(readUnservedPorts(message), said, message);
  }
  for (const message of ["", "envoy plane", "the envoy plane does not serve"]) {
    assert.equal(readUnservedPorts(message), undefined, message);
  }
});
