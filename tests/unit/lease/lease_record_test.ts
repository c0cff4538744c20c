import assert from "assert";
import {
  freeAt,
  leasePath,
  newLease,
  readLease,
  releasePatch,
  renewPatch,
  takePatch,
} from "../../../lib/lease/lease_record.ts";

const settings = {
  ...{ namespace: "kube-system", name: "lock" },
  ...{ leaseDurationMs: 15_000, renewDeadlineMs: 10_000, retryPeriodMs: 2_000 },
};
const now = Date.UTC(2026, 0, 2, 3, 4, 5, 6);
const stamp = "2026-01-02T03:04:05.006000Z";

Deno.test("leasePath() names the Lease", () => {
  assert.equal(
    leasePath(settings),
    "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/lock",
  );
});

Deno.test("newLease() is held from the start", () => {
  assert.deepEqual(newLease(settings, "me", now), {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { name: "lock", namespace: "kube-system" },
    spec: {
      holderIdentity: "me",
      leaseDurationSeconds: 15,
      renewTime: stamp,
      acquireTime: stamp,
      leaseTransitions: 0,
    },
  });
});

Deno.test("newLease() is not free before its holder gives up", () => {
  const renewDeadlineMs = 15_300;
  for (const leaseDurationMs of [15_400, 15_600, 16_000]) {
    const { spec } = newLease({ ...settings, leaseDurationMs, renewDeadlineMs }, "me", now) as {
      readonly spec: object;
    };
    const lease = readLease({ metadata: { resourceVersion: "1" }, spec });
    assert.equal(freeAt(lease, "other", now) - now, 16_000);
  }
});

Deno.test("readLease() reads what the decision needs", () => {
  const spec = { holderIdentity: "a", leaseDurationSeconds: 15, leaseTransitions: 3 };
  assert.deepEqual(readLease({ metadata: { resourceVersion: "7" }, spec }), {
    resourceVersion: "7",
    holder: "a",
    durationMs: 15_000,
    transitions: 3,
  });
  assert.equal(readLease({ metadata: { resourceVersion: "7" } }).holder, "");
  assert.throws(() => readLease({ kind: "Status" }), /cannot be read/);
});

Deno.test("takePatch(), renewPatch() and releasePatch() name the version that they saw", () => {
  const before = { resourceVersion: "7", holder: "", durationMs: 1_000, transitions: 3 };
  assert.deepEqual(takePatch(before, settings, { identity: "me", now }), {
    metadata: { resourceVersion: "7" },
    spec: {
      holderIdentity: "me",
      leaseDurationSeconds: 15,
      renewTime: stamp,
      acquireTime: stamp,
      leaseTransitions: 4,
    },
  });
  assert.deepEqual(renewPatch("8", now), {
    metadata: { resourceVersion: "8" },
    spec: { renewTime: stamp },
  });
  assert.deepEqual(releasePatch("9", now), {
    metadata: { resourceVersion: "9" },
    spec: { holderIdentity: "", leaseDurationSeconds: 1, renewTime: stamp },
  });
});

Deno.test("freeAt() waits for others alone", () => {
  const held = { resourceVersion: "1", holder: "you", durationMs: 15_000, transitions: 0 };
  assert.equal(freeAt(held, "me", 100), 15_100);
  assert.equal(freeAt(held, "you", 100), 0);
  assert.equal(freeAt({ ...held, holder: "" }, "me", 100), 0);
});
