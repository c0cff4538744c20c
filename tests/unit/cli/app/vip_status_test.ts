import assert from "assert";
import { statusChanges, writeStatus } from "../../../../lib/cli/app/vip_status.ts";
import { KubeError } from "../../../../lib/kube/mod.ts";
import { vipRecord, vipService } from "../../../fakes/vip_world.ts";

const signal = new AbortController().signal;

Deno.test("statusChanges() are the statuses that show something else", () => {
  const shown = vipService("a", { ingress: [{ ip: "10.0.0.1" }] });
  const other = vipService("b", { ingress: [{ ip: "10.0.0.9" }] });
  const none = vipService("c");
  const outcome = (service: typeof shown, address?: string) =>
    address === undefined
      ? { service, change: "none" as const }
      : { service, change: "none" as const, address };
  const plan = {
    outcomes: [outcome(shown, "10.0.0.1"), outcome(other, "10.0.0.2"), outcome(none)],
    released: [],
  };
  assert.deepEqual(statusChanges(plan), [{ service: other, address: "10.0.0.2" }]);
});

Deno.test("statusChanges() empties a status only of an address that was ours", () => {
  const ours = vipService("a", { ingress: [{ ip: "10.0.0.1" }] });
  const theirs = vipService("b", { ingress: [{ ip: "172.18.0.1" }] });
  const released = [
    { record: vipRecord("a", "10.0.0.1"), service: ours },
    { record: vipRecord("b", "10.0.0.2"), service: theirs },
    { record: vipRecord("gone", "10.0.0.3") },
  ];
  assert.deepEqual(statusChanges({ outcomes: [], released }), [
    { service: ours, address: undefined },
  ]);
});

Deno.test("writeStatus() is fine with a Service that is gone, and with no other failure", async () => {
  const change = { service: vipService("a"), address: "10.0.0.1" };
  const failing = (status: number) => ({
    patch: () => Promise.reject(new KubeError("no", { status })),
  });
  assert.equal(await writeStatus(failing(404), change, signal), undefined);
  await assert.rejects(writeStatus(failing(403), change, signal), KubeError);
});
