import assert from "assert";
import { podStatus } from "./pod_status.ts";
import type { ContainerState, Pod } from "./types.ts";

const NOW = "2026-01-02T00:00:00Z";
const BEFORE = "2026-01-01T00:00:00Z";
const UP: ContainerState = {
  name: "c",
  image: "i",
  id: "bed-u-0",
  startedAt: BEFORE,
  restarts: 0,
  ready: true,
};

function pod(policy: "Always" | "Never"): Pod {
  return {
    metadata: { name: "p", namespace: "n", uid: "u" },
    spec: { containers: [{ name: "c", image: "i" }], restartPolicy: policy },
    status: {
      conditions: [
        { type: "Ready", status: "True", lastTransitionTime: BEFORE },
        { type: "example.com/gate", status: "True", lastTransitionTime: BEFORE },
      ],
    },
  };
}

function status(policy: "Always" | "Never", container: ContainerState) {
  const ips = { podIPs: ["10.0.0.2"], hostIPs: ["172.18.0.3"], now: NOW };
  return podStatus({ pod: pod(policy), containers: [container], ...ips });
}

Deno.test("podStatus() tells the phase by restart policy and exit codes", () => {
  const ended = (exitCode: number) => ({ ...UP, ended: { exitCode, at: NOW } });
  assert.equal(status("Always", UP).phase, "Running");
  assert.equal(status("Always", ended(1)).phase, "Running");
  assert.equal(status("Never", ended(0)).phase, "Succeeded");
  assert.equal(status("Never", ended(1)).phase, "Failed");
});

Deno.test("podStatus() moves a condition's time only when the condition changes", () => {
  const find = (container: ContainerState, type: string) => {
    const all = status("Always", container).conditions as { type: string }[];
    return all.find((one) => one.type === type);
  };
  const same = { type: "Ready", status: "True", lastTransitionTime: BEFORE };
  assert.deepEqual(find(UP, "Ready"), same);
  const unready = { type: "Ready", status: "False", lastTransitionTime: NOW };
  assert.deepEqual(find({ ...UP, ready: false }, "Ready"), unready);
  assert.equal(find(UP, "example.com/gate") !== undefined, true);
});
