import assert from "assert";
import { healthPlace } from "../../../../lib/cli/app/health_place.ts";
import { fakeSettings } from "../../../fakes/cli.ts";

Deno.test("healthPlace() is every address of both families, at the peer's port", () => {
  const ipam = healthPlace("ipam", fakeSettings("ipam"));
  assert.deepEqual([ipam.host, ipam.port, ipam.usual], ["::", 10_258, true]);
  const keepalived = healthPlace("keepalived", fakeSettings("keepalived"));
  assert.deepEqual([keepalived.host, keepalived.port, keepalived.usual], ["::", 10_253, true]);
  assert.equal(healthPlace("ipam", fakeSettings("ipam", { securePort: 1 })).usual, false);
});

Deno.test("healthPlace() refuses what is no address, by the flag of the mode", () => {
  assert.throws(
    () => healthPlace("ipam", fakeSettings("ipam", { bindAddress: "eth0" })),
    /^AppError: --bind-address is "eth0": give an IP address/,
  );
  assert.throws(
    () => healthPlace("keepalived", fakeSettings("keepalived", { healthAddress: "10.0.0" })),
    /--address is "10.0.0"/,
  );
  assert.equal(
    healthPlace("ipam", fakeSettings("ipam", { bindAddress: "localhost" })).host,
    "localhost",
  );
});
