import assert from "assert";
import { makeRegistry } from "../../../lib/embedded/make_registry.ts";

Deno.test("makeRegistry() serves every resource and counts what Services use", () => {
  const registry = makeRegistry({ now: () => 0 });
  assert.ok(registry.find({ group: "apps", plural: "deployments" }));
  assert.match(registry.options.suffix(), /^[a-z0-9]{5}$/);
  assert.notEqual(registry.options.uid(), registry.options.uid());
  assert.equal(registry.timestamp(), "1970-01-01T00:00:00Z");
});

Deno.test("makeRegistry() refuses a service network that is none", () => {
  assert.throws(
    () => makeRegistry({ now: () => 0, serviceNetworks: ["10.0.0.0"] }),
    /not in prefix notation/,
  );
});
