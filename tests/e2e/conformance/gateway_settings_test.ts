import assert from "assert";
import { gatewaySettings } from "./gateway_settings.ts";

Deno.test("gatewaySettings() runs everything on the experimental channel by default", () => {
  const { channel, chosen, whole, profiles, gatewayClass } = gatewaySettings([]);
  assert.deepEqual([channel, chosen.length, whole], ["experimental", 131, true]);
  assert.deepEqual([profiles.length, gatewayClass], [5, "berth"]);
});

Deno.test("gatewaySettings() takes what is less than a whole run for no report", () => {
  for (
    const args of [["--run", "UDPRoute"], ["--profiles", "GATEWAY-HTTP"], ["--timeout", "20"]]
  ) assert.equal(gatewaySettings(args).whole, false, args.join(" "));
});

Deno.test("gatewaySettings() refuses what it does not know", () => {
  assert.throws(() => gatewaySettings(["--channel", "beta"]), /must be standard or experimental/);
  assert.throws(() => gatewaySettings(["--run", "Nothing"]), /names no gateway test/);
  assert.throws(() => gatewaySettings(["--exempt", "X"]), /exempt/);
  assert.throws(() => gatewaySettings(["--profiles", "GATEWAY-X"]), /no gateway profile/);
  for (const bad of [["--parallel", "no"], ["--timeout", "0"]]) {
    assert.throws(() => gatewaySettings(bad), /whole number/);
  }
});
