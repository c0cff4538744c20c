import assert from "assert";
import { proxyPaths } from "../../../../lib/planes/envoy/paths.ts";

Deno.test("proxyPaths() are below the root, whoever looks", () => {
  assert.equal(proxyPaths("a1").admin, "/berth/a1/run/admin.sock");
  assert.equal(proxyPaths("a1", "/volumes/x").config, "/volumes/x/a1/config");
});
