import assert from "assert";
import fc from "fast-check";
import { fingerprint, type JobInput } from "../../../../lib/cli/app/fingerprint.ts";
import { endpoint, endpointSlice, lbService } from "../../../fakes/kube_objects.ts";

const base: JobInput = { service: lbService(), slices: [endpointSlice()], nodes: "a:true" };

function print(change: Partial<JobInput>): string {
  return fingerprint({ ...base, ...change });
}

Deno.test("fingerprint() changes with everything that a plan reads", () => {
  const slice = (change: Parameters<typeof endpointSlice>[0]) => ({
    slices: [endpointSlice(change)],
  });
  const changes: readonly Partial<JobInput>[] = [
    { service: lbService({ spec: { ports: [{ port: 81 }] } }) },
    { service: lbService({ spec: { sessionAffinity: "ClientIP" } }) },
    { service: lbService({ spec: { externalTrafficPolicy: "Local" } }) },
    { service: lbService({ annotations: { "berth.dev/plane": "embedded" } }) },
    { service: lbService({ metadata: { uid: "another Service of that name" } }) },
    { nodes: "a:false" },
    { slices: [] },
    slice({ ports: [{ port: 9 }] }),
    slice({ endpoints: [endpoint("10.244.1.3", "a")] }),
    slice({ endpoints: [endpoint("10.244.1.2", "b")] }),
    slice({ endpoints: [endpoint("10.244.1.2", "a", { ready: false })] }),
  ];
  const prints = [{}, ...changes].map(print);
  assert.equal(new Set(prints).size, prints.length);
});

Deno.test("fingerprint() does not change with what a plan does not read", () => {
  const metadata = {
    ...{ resourceVersion: "99", generation: 7, labels: { a: "b" }, finalizers: ["x/y"] },
    deletionTimestamp: "2026-01-01T00:00:00Z",
  };
  fc.assert(fc.property(fc.ipV4(), fc.string(), (ip, message) => {
    const condition = {
      ...{ type: "berth.dev/Serving", status: "True" as const, reason: "Served", message },
      lastTransitionTime: "2026-01-01T00:00:00Z",
    };
    const service = lbService({ metadata, ingress: [{ ip }], conditions: [condition] });
    assert.equal(print({ service }), print({}));
  }));
  const [slice] = base.slices;
  assert.ok(slice);
  const touched = { ...slice, metadata: { ...slice.metadata, resourceVersion: "99" } };
  assert.equal(print({ slices: [touched] }), print({}));
});

Deno.test("fingerprint() does not change with how endpoints are cut into slices", () => {
  const [a, b] = [endpoint("10.244.1.2", "a"), endpoint("10.244.1.3", "b")];
  const prints = [
    [endpointSlice({ endpoints: [a, b] })],
    [endpointSlice({ endpoints: [b, a], name: "other" })],
    [endpointSlice({ endpoints: [b] }), endpointSlice({ endpoints: [a], name: "other" })],
  ].map((slices) => print({ slices }));
  assert.equal(new Set(prints).size, 1);
});

Deno.test("fingerprint() does not depend on the order of fields", () => {
  const { spec, metadata } = lbService({ annotations: { a: "1", b: "2" } });
  const turned = {
    spec: Object.fromEntries(Object.entries(spec).toReversed()),
    metadata: { ...metadata, annotations: { b: "2", a: "1" } },
  };
  assert.equal(print({ service: turned }), print({ service: { metadata, spec } }));
});
