import assert from "assert";
import { GatewayReporter, uidsOf } from "../../../../lib/cli/app/gateway_reporter.ts";
import { GatewayStore } from "../../../../lib/cli/app/gateway_store.ts";
import { ObjectWriter } from "../../../../lib/cli/app/object_writer.ts";
import type {
  GatewayInput,
  GatewayStatuses,
  RouteParentStatus,
} from "../../../../lib/gateway/mod.ts";
import { FakeApi, type FakeObject } from "../../../fakes/fake_api.ts";
import { FakeClock } from "../../../fakes/fake_clock.ts";
import { gateway, gatewayClass, httpRoute, policy } from "../../../fakes/gateway_objects.ts";

const group = "/apis/gateway.networking.k8s.io/v1";
const routes = `${group}/namespaces/ns/httproutes`;
const policies = `${group}/namespaces/ns/backendtlspolicies`;
const ours = "berth.dev/gateway-controller";
const theirs = "example.com/controller";

function parent(name: string, controllerName = ours): RouteParentStatus {
  const conditions = [{
    ...{ type: "Accepted", status: "True", reason: "Accepted", message: "" } as const,
    lastTransitionTime: "2026-01-01T00:00:00Z",
  }];
  return { parentRef: { name }, controllerName, conditions };
}

function statuses(change: Partial<GatewayStatuses> = {}): GatewayStatuses {
  return { gateway: {}, listenerSets: [], routes: [], policies: [], notes: [], ...change };
}

/** Statuses that say one thing of one route below one Gateway. */
function ofRoute(name: string, parentName: string): GatewayStatuses {
  const one = { kind: "HTTPRoute", namespace: "ns", name, parents: [parent(parentName)] } as const;
  return statuses({ routes: [one] });
}

class ReporterBed {
  readonly api = new FakeApi();
  readonly store = new GatewayStore();
  readonly reporter = new GatewayReporter({
    store: this.store,
    writer: new ObjectWriter({
      client: this.api,
      clock: new FakeClock(0),
      signal: new AbortController().signal,
      version: () => "v1",
      seen: (kind, key) => this.store.object(kind, key),
    }),
  });

  constructor() {
    this.store.put("GatewayClass", gatewayClass());
    for (const name of ["gw", "other"]) {
      this.see("Gateway", `${group}/namespaces/ns/gateways`, gateway(name));
    }
  }

  see(kind: "Gateway" | "HTTPRoute" | "BackendTLSPolicy", path: string, object: object): void {
    this.store.put(kind, this.api.put(path, object as FakeObject) as never);
  }

  route(change: Parameters<typeof httpRoute>[1] = {}): void {
    this.see("HTTPRoute", routes, httpRoute("route", change));
  }

  /** What a Gateway's plan says, made from what the store holds. */
  async report(name: string, told: GatewayStatuses): Promise<void> {
    const key = `ns/${name}`;
    const input = {
      gateway: this.store.gateway(key) ?? gateway(name),
      listenerSets: [],
      routes: this.store.routes(key),
      policies: this.store.policies("ns/web"),
    } as unknown as GatewayInput;
    await this.reporter.report(key, { statuses: told, uids: uidsOf(input) });
    this.watch();
  }

  /** The watches tell of everything that was written. */
  watch(): void {
    for (const [kind, path] of [["HTTPRoute", routes], ["BackendTLSPolicy", policies]] as const) {
      for (const name of ["route", "tls"]) {
        const object = this.api.at(`${path}/${name}`);
        if (object !== undefined) this.store.put(kind, object as never);
      }
    }
  }

  /** Parents in the route's status, with their controllers. */
  parents(): readonly string[] {
    const entries =
      (this.api.at(`${routes}/route`)?.["status"]?.parents ?? []) as readonly RouteParentStatus[];
    return entries.map(({ parentRef, controllerName }) =>
      `${parentRef.name} ${controllerName === ours ? "ours" : "theirs"}`
    );
  }
}

const both = [{ name: "gw" }, { name: "other" }];

Deno.test("report() joins what two Gateways say of one route", async () => {
  const bed = new ReporterBed();
  bed.route({ parents: both });
  await bed.report("gw", ofRoute("route", "gw"));
  await bed.report("other", ofRoute("route", "other"));
  assert.deepEqual(bed.parents(), ["gw ours", "other ours"]);
  const writes = bed.api.writes.length;
  await bed.report("gw", ofRoute("route", "gw"));
  assert.equal(bed.api.writes.length, writes, "equal statuses are not written again");
});

Deno.test("report() keeps the entries of other controllers, and they are written over by nobody", async () => {
  const bed = new ReporterBed();
  bed.route({ status: { parents: [parent("gw", theirs)] } });
  await bed.report("gw", ofRoute("route", "gw"));
  assert.deepEqual(bed.parents(), ["gw theirs", "gw ours"]);
});

Deno.test("two implementations that write their own entries come to rest", async () => {
  const bed = new ReporterBed();
  bed.route();
  const theirWrite = () => {
    const object = bed.api.at(`${routes}/route`) as FakeObject;
    const others = ((object["status"]?.parents ?? []) as readonly RouteParentStatus[])
      .filter(({ controllerName }) => controllerName !== theirs);
    const now = [...others, parent("gw", theirs)];
    if (JSON.stringify(now) === JSON.stringify(object["status"]?.parents)) return false;
    bed.see("HTTPRoute", routes, { ...object, status: { parents: now } });
    return true;
  };
  let rounds = 0;
  for (let moved = true; moved && rounds < 20; rounds++) {
    const before = bed.api.writes.length;
    await bed.report("gw", ofRoute("route", "gw"));
    moved = theirWrite() || bed.api.writes.length > before;
  }
  assert.ok(rounds <= 3, `still writing after ${rounds} rounds`);
  assert.deepEqual(bed.parents(), ["gw ours", "gw theirs"]);
});

Deno.test("report() keeps what stands there of a Gateway of ours that was not planned yet", async () => {
  const bed = new ReporterBed();
  bed.route({ parents: both, status: { parents: [parent("other"), parent("gone")] } });
  await bed.report("gw", ofRoute("route", "gw"));
  assert.deepEqual(bed.parents(), ["other ours", "gw ours"]);
  await bed.report("other", statuses());
  await bed.report("gw", ofRoute("route", "gw"));
  assert.deepEqual(bed.parents(), ["gw ours"]);
});

Deno.test("report() says nothing of a route that was made again under the same name", async () => {
  const bed = new ReporterBed();
  bed.route();
  const input = { gateway: gateway(), listenerSets: [], routes: bed.store.routes("ns/gw") };
  const uids = uidsOf({ ...input, policies: [] } as unknown as GatewayInput);
  bed.api.remove(`${routes}/route`);
  bed.route({ metadata: { uid: "another" } });
  await bed.reporter.report("ns/gw", { statuses: ofRoute("route", "gw"), uids });
  assert.deepEqual(bed.parents(), []);
});

Deno.test("withdraw() takes the entries of a Gateway away, and those alone", async () => {
  const bed = new ReporterBed();
  bed.route({ parents: both, status: { parents: [parent("gw", theirs)] } });
  await bed.report("gw", ofRoute("route", "gw"));
  await bed.report("other", ofRoute("route", "other"));
  bed.store.remove("Gateway", gateway("other"));
  await bed.reporter.withdraw("ns/other");
  assert.deepEqual(bed.parents(), ["gw theirs", "gw ours"]);
});

Deno.test("prune() takes entries away that no Gateway of ours stands behind", async () => {
  const bed = new ReporterBed();
  bed.route({ status: { parents: [parent("gone"), parent("gone", theirs), parent("gw")] } });
  const route = () => bed.store.object("HTTPRoute", "ns/route") as never;
  assert.ok(bed.reporter.isDoubtful("HTTPRoute", route()));
  await bed.reporter.prune("HTTPRoute/ns/route");
  assert.deepEqual(bed.parents(), ["gone theirs", "gw ours"]);
  bed.watch();
  assert.ok(!bed.reporter.isDoubtful("HTTPRoute", route()));
});

Deno.test("report() writes a policy's ancestor and takes it away again", async () => {
  const bed = new ReporterBed();
  bed.see("BackendTLSPolicy", policies, policy());
  const ancestor = { ancestorRef: { name: "gw" }, controllerName: ours };
  const told = statuses({ policies: [{ namespace: "ns", name: "tls", ancestor }] });
  await bed.report("gw", told);
  assert.deepEqual(bed.api.at(`${policies}/tls`)?.["status"], { ancestors: [ancestor] });
  await bed.report("gw", statuses());
  assert.deepEqual(bed.api.at(`${policies}/tls`)?.["status"], { ancestors: [] });
});

Deno.test("ended() takes the addresses away and says why, once", async () => {
  const bed = new ReporterBed();
  const path = `${group}/namespaces/ns/gateways`;
  const condition = { type: "Programmed", status: "True", reason: "Programmed", message: "" };
  const status = { addresses: [{ value: "172.18.255.1" }], conditions: [condition] };
  bed.see("Gateway", path, { ...gateway(), status });
  await bed.reporter.ended("ns/gw", "2026-01-01T00:00:00Z");
  const { addresses, conditions } = bed.api.at(`${path}/gw`)?.["status"] ?? {};
  assert.equal(addresses, undefined);
  assert.equal(conditions[0].status, "False");
  assert.match(conditions[0].message, /berth has ended/);
  await bed.reporter.ended("ns/gw", "2026-01-01T00:00:01Z");
  assert.equal(bed.api.writes.length, 1);
});

Deno.test("report() replaces a Gateway's status whole, once", async () => {
  const bed = new ReporterBed();
  const path = `${group}/namespaces/ns/gateways`;
  bed.see("Gateway", path, { ...gateway(), status: { listeners: [], conditions: [] } });
  const told = statuses({ gateway: { addresses: [{ value: "172.18.255.1" }], conditions: [] } });
  await bed.report("gw", told);
  assert.deepEqual(bed.api.at(`${path}/gw`)?.["status"], {
    ...{ conditions: [], addresses: [{ value: "172.18.255.1" }] },
  });
  const writes = bed.api.writes.length;
  await bed.report("gw", told);
  assert.equal(bed.api.writes.length, writes);
});
