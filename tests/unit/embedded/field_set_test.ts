import assert from "assert";
import fc from "fast-check";
import {
  changedFields,
  difference,
  elementKey,
  type FieldSet,
  fieldsOf,
  intersection,
  leafPaths,
  union,
  withParents,
} from "../../../lib/embedded/field_set.ts";

const SERVICE = { kind: "Service", path: [] };
const SPEC = {
  spec: { type: "X", ports: [{ port: 80, name: "a" }], clusterIPs: ["1"] },
  metadata: { finalizers: ["f"] },
};

Deno.test("fieldsOf() writes the FieldsV1 form", () => {
  assert.deepEqual(fieldsOf(SPEC, SERVICE), {
    "f:spec": {
      "f:type": {},
      "f:ports": { 'k:{"port":80,"protocol":"TCP"}': { ".": {}, "f:port": {}, "f:name": {} } },
      "f:clusterIPs": {},
    },
    "f:metadata": { "f:finalizers": { 'v:"f"': {} } },
  });
});

Deno.test("elementKey() takes TCP for a missing protocol", () => {
  assert.equal(
    elementKey({ port: 1 }, ["port", "protocol"]),
    elementKey({ protocol: "TCP", port: 1 }, ["port", "protocol"]),
  );
});

Deno.test("changedFields() names what differs", () => {
  const next = {
    spec: { type: "Y", ports: [{ port: 80, name: "b" }, { port: 81 }], clusterIPs: ["1"] },
    metadata: { finalizers: ["f", "g"] },
  };
  assert.deepEqual(leafPaths(changedFields(next, SPEC, SERVICE) ?? {}), [
    ".spec.type",
    '.spec.ports[port=80,protocol="TCP"].name',
    '.spec.ports[port=81,protocol="TCP"].port',
    '.metadata.finalizers[="g"]',
  ]);
  assert.equal(changedFields(SPEC, SPEC, SERVICE), undefined);
});

const names = fc.constantFrom("f:a", "f:b", "f:c");

function sets(depth: number): fc.Arbitrary<FieldSet> {
  return depth === 0
    ? fc.constant({})
    : fc.dictionary(names, sets(depth - 1), { maxKeys: 3, noNullPrototype: true });
}

const set = sets(3);

Deno.test("a node and what is below it are fields of their own", () => {
  const node = { "f:a": {} };
  const below = { "f:a": { "f:b": {} } };
  assert.deepEqual(difference(below, node), below);
  assert.deepEqual(difference(node, below), node);
  assert.deepEqual(union(node, below), { "f:a": { ".": {}, "f:b": {} } });
  assert.deepEqual(intersection(node, below), {});
  assert.deepEqual(withParents(below), union(node, below));
});

Deno.test("sets obey the laws of sets", () => {
  fc.assert(fc.property(set, set, (a, b) => {
    assert.deepEqual(union(a, a), a);
    assert.deepEqual(intersection(a, a), a);
    assert.deepEqual(difference(a, a), {});
    assert.deepEqual(union(a, b), union(b, a));
    assert.deepEqual(difference(a, {}), a);
    assert.deepEqual(intersection(difference(a, b), b), {});
  }));
});
