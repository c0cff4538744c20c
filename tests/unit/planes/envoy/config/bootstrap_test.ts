import assert from "assert";
import { bootstrap } from "../../../../../lib/planes/envoy/config/bootstrap.ts";

const options = {
  id: "berth-kind-abc",
  directory: "/config",
  adminSocket: "/run/envoy/admin.sock",
};

Deno.test("bootstrap() keeps the administration off the network", () => {
  const { admin } = JSON.parse(bootstrap(options));
  assert.deepEqual(admin, { address: { pipe: { path: "/run/envoy/admin.sock", mode: 0o660 } } });
});

Deno.test("bootstrap() names the two files that all others hang on", () => {
  const { dynamic_resources, node } = JSON.parse(bootstrap(options));
  assert.equal(node.id, "berth-kind-abc");
  assert.equal(dynamic_resources.lds_config.path_config_source.path, "/config/lds.json");
  assert.equal(dynamic_resources.cds_config.path_config_source.path, "/config/cds.json");
});

Deno.test("bootstrap() limits memory and connections", () => {
  const text = bootstrap({ ...options, maxHeapBytes: 1000, maxConnections: 7 });
  const [heap, connections] = JSON.parse(text).overload_manager.resource_monitors;
  assert.equal(heap.typed_config.max_heap_size_bytes, 1000);
  assert.equal(connections.typed_config.max_active_downstream_connections, 7);
});
