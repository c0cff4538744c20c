import assert from "assert";
import { discoverClusters } from "../../../lib/clusters/discover.ts";
import { apiEndpoints } from "../../../lib/clusters/endpoints.ts";
import { listedNode } from "../../fakes/kind_containers.ts";

const INTERNAL = "https://one-control-plane:6443";

Deno.test("apiEndpoints() gives the internal server and the published port", () => {
  const rows = [
    ["127.0.0.1", ["https://127.0.0.1:7"]],
    ["192.168.1.5", ["https://192.168.1.5:7"]],
    ["0.0.0.0", ["https://127.0.0.1:7", "https://localhost:7"]],
    ["", ["https://127.0.0.1:7", "https://localhost:7"]],
    ["::", ["https://[::1]:7", "https://localhost:7"]],
    ["fd00::5", ["https://[fd00::5]:7"]],
  ] as const;
  for (const [address, external] of rows) {
    const ports = { "6443/tcp": { address, port: 7 } };
    const [cluster] = discoverClusters([listedNode({ name: "cp", role: "control-plane", ports })]);
    assert.ok(cluster);
    assert.deepEqual(apiEndpoints(cluster, INTERNAL), [
      { kind: "internal", server: INTERNAL },
      ...external.map((server) => ({ kind: "external", server })),
    ]);
  }
});

Deno.test("apiEndpoints() has only the internal server when no port is published", () => {
  const [cluster] = discoverClusters([listedNode({ name: "cp", role: "control-plane" })]);
  assert.ok(cluster);
  assert.deepEqual(apiEndpoints(cluster, INTERNAL), [{ kind: "internal", server: INTERNAL }]);
});
