import assert from "assert";
import { RESOURCES } from "../../../lib/embedded/resources.ts";
import { ServiceAllocator } from "../../../lib/embedded/service_allocator.ts";
import { strategies } from "../../../lib/embedded/strategies.ts";

Deno.test("every strategy belongs to a served resource", () => {
  const served = RESOURCES.map(({ group, plural }) => `${group}/${plural}`);
  const known = strategies(new ServiceAllocator({ networks: [], nodePorts: [1, 2] }));
  assert.deepEqual(Object.keys(known).filter((name) => !served.includes(name)), []);
});
