import assert from "assert";
import {
  containerPorts,
  isFinished,
  isReady,
  isTerminating,
  listeningPort,
  podIps,
} from "../../../../lib/embedded/controllers/pod_view.ts";
import type { KubeObject } from "../../../../lib/embedded/types.ts";

const POD: KubeObject = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "p", annotations: { "berth.dev/backend-ports": '{"80":4000}' } },
  spec: {
    containers: [{ ports: [{ name: "web", containerPort: 80 }] }, {
      ports: [{ containerPort: 53, protocol: "UDP" }],
    }],
  },
  status: {
    phase: "Running",
    podIP: "1.1.1.1",
    podIPs: [{ ip: "1.1.1.1" }, { ip: "fd00::1" }],
    conditions: [{ type: "Ready", status: "True" }],
  },
};

Deno.test("a Pod is seen as its status says", () => {
  assert.deepEqual([isReady(POD), isFinished(POD), isTerminating(POD)], [true, false, false]);
  const over = {
    ...POD,
    status: { phase: "Failed" },
    metadata: { name: "p", deletionTimestamp: "x" },
  };
  assert.deepEqual([isReady(over), isFinished(over), isTerminating(over)], [false, true, true]);
  assert.deepEqual(podIps(POD), ["1.1.1.1", "fd00::1"]);
});

Deno.test("ports are those of all containers, under the number that is listened on", () => {
  assert.deepEqual(containerPorts(POD.spec), [
    { name: "web", number: 80, protocol: "TCP" },
    { name: "", number: 53, protocol: "UDP" },
  ]);
  assert.deepEqual([listeningPort(POD, 80), listeningPort(POD, 81)], [4_000, 81]);
  assert.equal(listeningPort({ ...POD, metadata: { name: "p" } }, 80), 80);
});
