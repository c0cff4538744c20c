import assert from "assert";
import { reachOf } from "../../../../lib/cli/app/reach.ts";

Deno.test("reachOf() publishes and tunnels where the engine's networks cannot be reached", () => {
  const cases = [
    ["auto", false, "linux", false, "kernel", false, false],
    ["auto", true, "linux", false, "envoy", true, false],
    ["kernel", true, "linux", false, "kernel", true, false],
    ["auto", false, "darwin", true, "envoy", true, true],
    ["auto", false, "linux", true, "envoy", true, true],
    ["kernel", false, "windows", true, "kernel", true, true],
  ] as const;
  for (const [plane, enableLbPortMapping, platform, inMachine, chosen, publish, tunnels] of cases) {
    const reach = reachOf({ plane, enableLbPortMapping }, { platform, inMachine });
    assert.deepEqual(reach, { plane: chosen, publish, tunnels }, `${plane} on ${platform}`);
  }
});
