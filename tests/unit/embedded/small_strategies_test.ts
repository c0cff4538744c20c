import assert from "assert";
import type { JsonObject } from "../../../lib/embedded/json.ts";
import { updateObject } from "../../../lib/embedded/write_update.ts";
import { refusal, RegistryBed } from "../../fakes/registry_bed.ts";

function update(bed: RegistryBed, plural: string, members: JsonObject) {
  const row = bed.row(plural);
  return updateObject(bed.registry, row, {
    namespace: row.namespaced ? "default" : undefined,
    name: "a",
    change: (old) => ({ ...old, ...members }),
  });
}

Deno.test("namespaces carry their name and a finalizer", () => {
  const { metadata, spec, status } = new RegistryBed().create("namespaces", {
    metadata: { name: "a" },
  });
  assert.deepEqual(metadata.labels, { "kubernetes.io/metadata.name": "a" });
  assert.deepEqual([spec, status], [{ finalizers: ["kubernetes"] }, { phase: "Active" }]);
});

Deno.test("EndpointSlices get defaults, accept loopback and keep their type", () => {
  const bed = new RegistryBed();
  const slice = {
    metadata: { name: "a" },
    addressType: "IPv4",
    endpoints: [{ addresses: ["127.0.0.1"] }],
    ports: [{ port: 1 }],
  };
  const made = bed.create("endpointslices", slice);
  assert.deepEqual(made["ports"], [{ name: "", protocol: "TCP", port: 1 }]);
  assert.match(
    refusal(() => update(bed, "endpointslices", { addressType: "IPv6", endpoints: [] })),
    /field is immutable/,
  );
  const bad: readonly JsonObject[] = [
    { addressType: undefined },
    { addressType: "X" },
    { endpoints: [{}] },
    { endpoints: [{ addresses: ["::1"] }] },
  ];
  for (const change of bad) {
    assert.match(
      refusal(() => bed.create("endpointslices", { ...slice, metadata: { name: "b" }, ...change })),
      /^422/,
    );
  }
});

Deno.test("events stay in the namespace of their object; cluster objects use default", () => {
  const bed = new RegistryBed();
  const event = (namespace?: string) =>
    bed.create("events", {
      metadata: { generateName: "e" },
      involvedObject: { kind: "Node", name: "n", namespace },
    });
  assert.equal(event("default").kind, "Event");
  assert.equal(event().kind, "Event");
  assert.match(refusal(() => event("other")), /involvedObject.namespace/);
});

Deno.test("secrets encode plain text and keep their type", () => {
  const bed = new RegistryBed();
  const made = bed.create("secrets", {
    metadata: { name: "a" },
    data: { b: "eA==" },
    stringData: { c: "y" },
  });
  assert.deepEqual(made["data"], { b: "eA==", c: "eQ==" });
  assert.equal(made["type"], "Opaque");
  assert.match(refusal(() => update(bed, "secrets", { type: "other" })), /field is immutable/);
});

Deno.test("data must be text, in secrets base64", () => {
  const bed = new RegistryBed();
  const bad = (plural: string, members: JsonObject) =>
    refusal(() => bed.create(plural, { metadata: { name: "b" }, ...members }));
  assert.match(bad("configmaps", { data: { a: 1 } }), /^400 .*cannot unmarshal number/);
  assert.match(bad("secrets", { data: { a: "?" } }), /^400 .*illegal base64/);
  assert.match(bad("secrets", { stringData: { a: 1 } }), /^400/);
});

Deno.test("empty slices read as null, events show what is blank, ingresses start without address", () => {
  const bed = new RegistryBed();
  const slice = bed.create("endpointslices", {
    metadata: { name: "a" },
    addressType: "IPv4",
    endpoints: [],
  });
  assert.deepEqual([slice["endpoints"], slice["ports"]], [null, null]);
  const event = bed.create("events", {
    metadata: { name: "e" },
    involvedObject: { namespace: "default" },
  });
  assert.deepEqual([event["eventTime"], event["source"]], [null, {}]);
  assert.deepEqual(bed.create("ingresses", { metadata: { name: "i" } }).status, {
    loadBalancer: {},
  });
});

Deno.test("leases want sane durations", () => {
  const bed = new RegistryBed();
  bed.create("leases", { metadata: { name: "a" }, spec: { leaseDurationSeconds: 5 } });
  assert.match(refusal(() => update(bed, "leases", { spec: { leaseDurationSeconds: 0 } })), /^422/);
  assert.match(
    refusal(() => update(bed, "leases", { spec: { leaseDurationSeconds: "x" } })),
    /^400/,
  );
});

Deno.test("nodes have a spec and a status from the start", () => {
  const { spec, status } = new RegistryBed().create("nodes", { metadata: { name: "a" } });
  assert.deepEqual([spec, status], [{}, {}]);
});
