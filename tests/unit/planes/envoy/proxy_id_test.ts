import assert from "assert";
import { newProxyId } from "../../../../lib/planes/envoy/proxy_id.ts";

Deno.test("newProxyId() is a new word each time", () => {
  const ids = Array.from({ length: 50 }, newProxyId);
  assert.equal(new Set(ids).size, 50);
  for (const id of ids) assert.match(id, /^[0-9a-f]{8}$/);
});
