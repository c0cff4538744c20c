import assert from "assert";
import fc from "fast-check";
import type { JsonObject } from "../../../lib/embedded/json.ts";
import { updateObject } from "../../../lib/embedded/write_update.ts";
import { refusal, RegistryBed } from "../../fakes/registry_bed.ts";

function update(bed: RegistryBed, spec: JsonObject) {
  return updateObject(bed.registry, bed.row("services"), {
    namespace: "default",
    name: "a",
    change: (old) => ({ ...old, spec: { ...old.spec, ...spec } }),
  });
}

Deno.test("any walk between types leaves a Service that needs no correction", () => {
  const type = fc.constantFrom("ClusterIP", "NodePort", "LoadBalancer");
  const policy = fc.constantFrom("Cluster", "Local");
  fc.assert(
    fc.property(fc.array(fc.tuple(type, policy), { minLength: 1, maxLength: 8 }), (walk) => {
      const bed = new RegistryBed();
      bed.create("services", { metadata: { name: "a" }, spec: { ports: [{ port: 80 }] } });
      for (const [type, externalTrafficPolicy] of walk) {
        const policy = type === "ClusterIP" ? {} : { externalTrafficPolicy };
        const spec = update(bed, { type, ...policy }).spec ?? {};
        const local = type === "LoadBalancer" && externalTrafficPolicy === "Local";
        assert.equal(spec["healthCheckNodePort"] !== undefined, local);
        const again = update(bed, {});
        assert.deepEqual(again.spec, spec);
      }
    }),
    { numRuns: 50 },
  );
});

Deno.test("numbers of deleted Services can be had again", () => {
  const bed = new RegistryBed({ nodePorts: [30_000, 30_000] });
  const spec = { type: "NodePort", ports: [{ port: 80 }] };
  bed.create("services", { metadata: { name: "a" }, spec });
  assert.match(
    refusal(() => bed.create("services", { metadata: { name: "b" }, spec })),
    /range is full/,
  );
  bed.registry.store.remove(bed.row("services"), "default/a");
  assert.equal(bed.create("services", { metadata: { name: "b" }, spec }).kind, "Service");
});

Deno.test("a dry run takes nothing", () => {
  const bed = new RegistryBed({ nodePorts: [30_000, 30_000] });
  const spec = { type: "NodePort", ports: [{ port: 80 }] };
  bed.create("services", { metadata: { name: "a" }, spec }, { dryRun: true });
  assert.equal(bed.create("services", { metadata: { name: "a" }, spec }).kind, "Service");
});

Deno.test("two networks serve two families, and policy SingleStack gives one back", () => {
  const bed = new RegistryBed({ serviceNetworks: ["10.0.0.0/24", "fd00::/112"] });
  const spec = { ipFamilyPolicy: "PreferDualStack", ports: [{ port: 80 }] };
  const made = bed.create("services", { metadata: { name: "a" }, spec });
  assert.deepEqual(made.spec?.["ipFamilies"], ["IPv4", "IPv6"]);
  const one = update(bed, { ipFamilyPolicy: "SingleStack" });
  assert.deepEqual(one.spec?.["ipFamilies"], ["IPv4"]);
  assert.equal((one.spec?.["clusterIPs"] as readonly string[]).length, 1);
});

Deno.test("status accepts only addresses and modes that exist", () => {
  const bed = new RegistryBed();
  bed.create("services", {
    metadata: { name: "a" },
    spec: { type: "LoadBalancer", ports: [{ port: 80 }] },
  });
  const report = (ingress: JsonObject) =>
    updateObject(bed.registry, bed.row("services"), {
      namespace: "default",
      name: "a",
      subresource: "status",
      change: (old) => ({ ...old, status: { loadBalancer: { ingress: [ingress] } } }),
    }).status;
  assert.deepEqual(report({ ip: "1.2.3.4" }), {
    loadBalancer: { ingress: [{ ip: "1.2.3.4", ipMode: "VIP" }] },
  });
  assert.match(refusal(() => report({ ip: "x" })), /must be a valid IP address/);
  assert.match(refusal(() => report({ ip: "1.2.3.4", ipMode: "Odd" })), /Unsupported value: "Odd"/);
});
