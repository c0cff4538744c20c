import assert from "assert";
import { VipReports } from "../../../../lib/cli/app/vip_reports.ts";
import { vipRecord, vipService } from "../../../fakes/vip_world.ts";

function reports() {
  const events: string[] = [];
  const record = (service: { metadata: { name: string } }, note: { reason: string }) => {
    events.push(`${service.metadata.name} ${note.reason}`);
  };
  return { events, reports: new VipReports({ record }) };
}

const service = vipService("a");

Deno.test("VipReports tells a trouble once, and again when it is another", () => {
  const { events, reports: told } = reports();
  for (const problem of ["full", "full", "taken"]) {
    told.outcome({ service, change: "none", problem });
  }
  assert.deepEqual(events, ["a CreatingLoadBalancerFailed", "a CreatingLoadBalancerFailed"]);
  assert.equal(told.troubled, 1);
  told.outcome({ service, change: "created", address: "10.0.0.1" });
  assert.equal(told.troubled, 0);
  assert.deepEqual(events.slice(2), ["a CreatingLoadBalancer", "a CreatedLoadBalancer"]);
});

Deno.test("VipReports tells a failed write once for each Service", () => {
  const { events, reports: told } = reports();
  const waiting = [{ service, isNew: true }, { service: vipService("b"), isNew: false }];
  told.failed(waiting, "forbidden");
  told.failed(waiting, "forbidden");
  assert.deepEqual(events, ["a CreatingLoadBalancerFailed", "b LoadBalancerUpdateFailed"]);
});

Deno.test("VipReports tells of a release only where the Service is still there", () => {
  const { events, reports: told } = reports();
  told.released({ record: vipRecord("a", "10.0.0.1") });
  assert.deepEqual(events, []);
  told.released({ record: vipRecord("a", "10.0.0.1"), service });
  assert.deepEqual(events, ["a DeletingLoadBalancer", "a DeletedLoadBalancer"]);
});

Deno.test("VipReports.keepOnly() forgets Services that are gone", () => {
  const { reports: told } = reports();
  told.outcome({ service, change: "none", problem: "full" });
  told.keepOnly(new Set(["u-a"]));
  assert.equal(told.troubled, 1);
  told.keepOnly(new Set());
  assert.equal(told.troubled, 0);
});
