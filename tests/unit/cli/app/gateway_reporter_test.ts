import assert from "assert";
import { GatewayReporter, uidsOf } from "../../../../lib/cli/app/gateway_reporter.ts";
import { GatewayStore } from "../../../../lib/cli/app/gateway_store.ts";
import { ObjectWriter } from "../../../../lib/cli/app/object_writer.ts";
import type {
  GatewayInput,
  GatewayStatus,
  GatewayStatuses,
  RouteParentStatus,
} from "../../../../lib/gateway/mod.ts";
import { FakeApi, type FakeObject } from "../../../fakes/fake_api.ts";
import { FakeClock } from "../../../fakes/fake_clock.ts";
import {
  gateway,
  gatewayClass,
  httpRoute,
  listenerSet,
  policy,
} from "../../../fakes/gateway_objects.ts";

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
      undone: () => {},
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

  see(
    kind: "Gateway" | "ListenerSet" | "HTTPRoute" | "BackendTLSPolicy",
    path: string,
    object: object,
  ): void {
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

const gateways = `${group}/namespaces/ns/gateways`;
const address = { type: "IPAddress", value: "172.18.255.1" };

/** A status that looks like a success, observed at a generation. */
function programmed(observedGeneration = 1): GatewayStatus {
  const conditions = [{
    ...{ type: "Programmed", status: "True", reason: "Programmed", message: "" } as const,
    ...{ observedGeneration, lastTransitionTime: "2026-01-01T00:00:00Z" },
  }];
  const listeners = [{ name: "http", attachedRoutes: 0, conditions }];
  return { addresses: [address], conditions, listeners };
}

/** What a Gateway or ListenerSet shows: its addresses, its own Programmed and its listener's. */
function shown(bed: ReporterBed, path = `${gateways}/gw`) {
  const { addresses, conditions, listeners } = bed.api.at(path)?.["status"] ?? {};
  return [addresses, conditions[0].status, listeners[0].conditions[0].status];
}

Deno.test("ended() takes the addresses away and says why, once", async () => {
  const bed = new ReporterBed();
  bed.see("Gateway", gateways, gateway("gw", { status: programmed() }));
  await bed.reporter.ended("ns/gw", "2026-01-01T00:00:00Z");
  assert.deepEqual(shown(bed), [undefined, "False", "False"]);
  const { message } = bed.api.at(`${gateways}/gw`)?.["status"].conditions[0];
  assert.match(message, /no more: start it, and without --gateway-channel disabled$/);
  await bed.reporter.ended("ns/gw", "2026-01-01T00:00:01Z");
  assert.equal(bed.api.writes.length, 1);
});

Deno.test("ended() and left() tell of the ListenerSets, too", async () => {
  const path = `${group}/namespaces/ns/listenersets`;
  const { addresses: _, ...status } = programmed();
  const one = { namespace: "ns", name: "set", status };
  for (const way of ["ended", "left"] as const) {
    const bed = new ReporterBed();
    bed.see("ListenerSet", path, listenerSet());
    const uids = new Map([["ListenerSet/ns/set", "uid-set"]]);
    await bed.reporter.report("ns/gw", { statuses: statuses({ listenerSets: [one] }), uids });
    assert.deepEqual(shown(bed, `${path}/set`), [undefined, "True", "True"]);
    const now = "2026-01-02T00:00:00Z";
    if (way === "ended") await bed.reporter.ended("ns/gw", now);
    else await bed.reporter.left("ns/gw", { addresses: [], now });
    assert.deepEqual(shown(bed, `${path}/set`), [undefined, "False", "False"], way);
  }
});

for (
  const { name, generation, status, expected } of [
    {
      ...{ name: "takes away what we wrote", generation: 2, status: programmed(1) },
      expected: [undefined, "False", "False"],
    },
    {
      ...{ name: "leaves another controller's conditions", generation: 2, status: programmed(2) },
      expected: [undefined, "True", "True"],
    },
    {
      ...{ name: "leaves another controller's addresses", generation: 2 },
      status: { ...programmed(2), addresses: [{ ...address, value: "10.0.0.1" }] },
      expected: [[{ ...address, value: "10.0.0.1" }], "True", "True"],
    },
  ]
) {
  for (const wasTold of [true, false]) {
    Deno.test(`left() ${name}${wasTold ? "" : ", also of an earlier run of berth"}`, async () => {
      const bed = new ReporterBed();
      if (wasTold) await bed.report("gw", statuses({ gateway: programmed(1) }));
      const spec = { gatewayClassName: "other", listeners: [] };
      bed.see("Gateway", gateways, gateway("gw", { spec, metadata: { generation }, status }));
      const left = { addresses: [address.value], now: "2026-01-02T00:00:00Z" };
      await bed.reporter.left("ns/gw", left);
      assert.deepEqual(shown(bed), expected);
      bed.store.put("Gateway", bed.api.at(`${gateways}/gw`) as never);
      const writes = bed.api.writes.length;
      await bed.reporter.left("ns/gw", left);
      assert.equal(bed.api.writes.length, writes);
    });
  }
}

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
