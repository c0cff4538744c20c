import assert from "assert";
import type { WorkerInit } from "../../../lib/dispatch/types.ts";
import type { PlaneName } from "../../../lib/planes/types.ts";
import { createPlanes } from "../../../workers/planes.ts";

function init(planes: readonly PlaneName[]): WorkerInit {
  return { ...{ cluster: "one", planes, log: { level: 0, format: "text" } } };
}

Deno.test("createPlanes() makes the planes that a cluster has, each under its name", async () => {
  for (const names of [["embedded"], ["kernel"], ["kernel", "embedded"], []] as const) {
    const planes = await createPlanes(init(names), () => {});
    assert.deepEqual([...planes.keys()], names);
    for (const [name, plane] of planes) {
      assert.equal(plane.name, name);
      await plane[Symbol.asyncDispose]();
    }
  }
});
