import assert from "assert";
import { gatewayClusters, type GatewayObjectsRead } from "../../../lib/cli/gateway_rows.ts";
import type { Condition } from "../../../lib/kube/types.ts";
import { endpointSlice, lbService } from "../../fakes/kube_objects.ts";
import {
  gateway,
  gatewayClass,
  httpRoute,
  listenerSet,
  policy,
} from "../../fakes/gateway_objects.ts";

const ours = "berth.dev/gateway-controller";
const none = { gateways: [], unattached: [], unclassed: [], orphans: [], ingresses: [] };
const since = "2026-01-01T00:00:00Z";

function condition(type: string, status: "True" | "False", reason = type, message = ""): Condition {
  return { type, status, reason, message, lastTransitionTime: since };
}

function read(change: Partial<GatewayObjectsRead>): GatewayObjectsRead {
  const nothing = { gateways: [], listenerSets: [], routes: [], policies: [] };
  return { classes: [gatewayClass()], ...nothing, ...change };
}

function rows(change: Partial<GatewayObjectsRead>) {
  const [cluster] = gatewayClusters([{ cluster: "one", ...read(change) }]);
  assert.ok(cluster !== undefined);
  return cluster;
}

const served = gateway("gw", {
  status: {
    addresses: [{ value: "172.18.255.1" }],
    conditions: [condition("Accepted", "True"), condition("Programmed", "True")],
    listeners: [{
      ...{ name: "http", attachedRoutes: 0 },
      conditions: [condition("ResolvedRefs", "False", "RefNotPermitted", "no grant")],
    }],
  },
});

Deno.test("gatewayClusters() tells address, listeners, class and what is wrong", () => {
  const { gateways: [row] } = rows({ gateways: [served], listenerSets: [listenerSet()] });
  assert.deepEqual(row, {
    ...{ namespace: "ns", name: "gw", class: "berth", addresses: ["172.18.255.1"] },
    ...{ listeners: ["80/HTTP"], ready: true, since },
    problems: ["listener http: RefNotPermitted: no grant"],
    routes: [],
  });
});

Deno.test("gatewayClusters() leaves Gateways of other classes out", () => {
  const classes = [gatewayClass("berth", "example.com/theirs")];
  assert.deepEqual(rows({ classes, gateways: [served] }).gateways, []);
});

Deno.test("gatewayClusters() says when nobody handled a Gateway", () => {
  const { gateways: [row] } = rows({ gateways: [gateway()] });
  assert.deepEqual(row?.problems, [
    "not handled yet: is berth running, without --gateway-channel disabled?",
  ]);
  assert.equal(row?.ready, false);
});

Deno.test("gatewayClusters() tells each route below its Gateway, and why it is not served", () => {
  const parent = (...conditions: readonly Condition[]) => ({
    parents: [{ parentRef: { name: "gw" }, controllerName: ours, conditions }],
  });
  const refs = condition("ResolvedRefs", "False", "BackendNotFound", "no Service");
  const fine = httpRoute("fine", { status: parent(condition("Accepted", "True")) });
  const half = httpRoute("half", { status: parent(condition("Accepted", "True"), refs) });
  const none = httpRoute("none", {
    status: parent(condition("Accepted", "False", "NoMatchingParent")),
  });
  const fresh = httpRoute("raw");
  const { gateways: [row] } = rows({ gateways: [served], routes: [none, fine, fresh, half] });
  assert.deepEqual(
    row?.routes.map(({ name, served, problems }) => [name, served, ...problems]),
    [
      ["fine", true],
      ["half", true, "BackendNotFound: no Service"],
      ["none", false, "NoMatchingParent"],
      ["raw", false, "not handled yet"],
    ],
  );
});

Deno.test("gatewayClusters() tells routes without Pods, once they are served", () => {
  const status = (accepted: "True" | "False") => ({
    parents: [{
      ...{ parentRef: { name: "gw" }, controllerName: ours },
      conditions: [condition("Accepted", accepted)],
    }],
  });
  const routes = [
    httpRoute("served", { status: status("True") }),
    httpRoute("unserved", { status: status("False") }),
  ];
  const found = (change: Partial<GatewayObjectsRead>) =>
    rows({ gateways: [served], routes, ...change }).gateways[0]?.routes
      .map(({ name, noPods, problems }) => [name, noPods, ...problems]);
  const backends = { services: [lbService()], slices: [] };
  assert.deepEqual(found({ backends }), [
    ["served", true, "no Pod of Service ns/web is ready"],
    ["unserved", undefined, "Accepted"],
  ]);
  const fine = [["served", undefined], ["unserved", undefined, "Accepted"]];
  assert.deepEqual(found({ backends: { ...backends, slices: [endpointSlice()] } }), fine);
  assert.deepEqual(found({}), fine);
});

Deno.test("gatewayClusters() tells routes of ListenerSets, and those without a parent", () => {
  const below = httpRoute("below", { parents: [{ name: "set", kind: "ListenerSet" }] });
  const lost = httpRoute("lost", { parents: [{ name: "nowhere" }] });
  const found = rows({ gateways: [served], listenerSets: [listenerSet()], routes: [below, lost] });
  assert.deepEqual(found.gateways[0]?.routes.map(({ name }) => name), ["below"]);
  assert.deepEqual(found.unattached.map(({ name, problems }) => [name, ...problems]), [
    ["lost", "Gateway ns/nowhere does not exist: create it, or correct parentRefs"],
  ]);
});

Deno.test("gatewayClusters() passes errors on, sorted by cluster", () => {
  assert.deepEqual(
    gatewayClusters([{ cluster: "b", error: "no answer" }, { cluster: "a", ...read({}) }]),
    [
      { cluster: "a", ...none },
      { cluster: "b", error: "no answer", ...none },
    ],
  );
});

Deno.test("gatewayClusters() tells Gateways without class, idle listeners and host ports", () => {
  const idle = gateway("gw", {
    status: {
      conditions: [condition("Programmed", "True")],
      listeners: [{ name: "x", attachedRoutes: 0, conditions: [condition("Programmed", "False")] }],
    },
  });
  const published = new Map([["one/gateway/ns/gw", ["8080->80/tcp"]]]);
  const { gateways: [row] } = rows({ gateways: [idle], published });
  assert.deepEqual([row?.ready, row?.inPart, row?.published], [true, true, ["8080->80/tcp"]]);
  const { gateways, unclassed } = rows({ classes: [], gateways: [idle] });
  assert.deepEqual([gateways.length, unclassed.map(({ name }) => name)], [0, ["gw"]]);
  const silent = gatewayClass("berth", "example.com/theirs");
  const busy = { ...silent, status: { conditions: [condition("Accepted", "True")] } };
  const problems = (each: typeof silent) =>
    rows({ classes: [each], gateways: [idle] }).unclassed.map(({ problem }) => problem);
  assert.match(problems(silent).join(), /^no controller answered .* start example.com\/theirs$/);
  assert.deepEqual(problems(busy), []);
});

Deno.test("gatewayClusters() tells what an accepted route does not serve, and why", () => {
  const route = (name: string, ...conditions: readonly Condition[]) =>
    httpRoute(name, {
      status: { parents: [{ parentRef: { name: "gw" }, controllerName: ours, conditions }] },
    });
  const fine = condition("Accepted", "True");
  const routes = [
    route("half", fine, condition("PartiallyInvalid", "True", "UnsupportedValue", "no such regex")),
    route("idle", fine, condition("berth.dev/Serving", "False", "ProtocolConflict", "port 80")),
  ];
  const tls = {
    ...policy("tls"),
    status: {
      ancestors: [{
        ...{ ancestorRef: { name: "gw" }, controllerName: ours },
        conditions: [
          condition("ResolvedRefs", "False", "InvalidCACertificateRef", "no ConfigMap"),
          condition("Accepted", "False", "NoValidCACertificate", "no ConfigMap"),
        ],
      }],
    },
  };
  const policies = [tls, policy("other", "another")];
  const { gateways: [row] } = rows({ gateways: [served], routes, policies });
  const tlsProblem = "BackendTLSPolicy ns/tls: InvalidCACertificateRef: no ConfigMap";
  assert.deepEqual(row?.routes.map(({ name, served, problems }) => [name, served, ...problems]), [
    ["half", true, "UnsupportedValue: no such regex", tlsProblem],
    ["idle", false, "ProtocolConflict: port 80", tlsProblem],
  ]);
});

Deno.test("gatewayClusters() names the ListenerSet that has a problem, and counts no refused one", () => {
  const set = (name: string, accepted: "True" | "False", reason = "Accepted") => ({
    ...listenerSet(name),
    spec: {
      ...listenerSet(name).spec,
      listeners: [{ name: "x", port: accepted === "True" ? 81 : 82, protocol: "HTTP" }],
    },
    status: {
      conditions: [condition("Accepted", accepted, reason, "see allowedListeners")],
      listeners: [{
        ...{ name: "x", attachedRoutes: 0 },
        conditions: [condition("Programmed", "False", "Invalid", "no certificate")],
      }],
    },
  });
  const listenerSets = [set("in", "True"), set("out", "False", "NotAllowed")];
  const { gateways: [row] } = rows({ gateways: [served], listenerSets });
  assert.deepEqual(row?.listeners, ["80/HTTP", "81/HTTP"]);
  assert.deepEqual(row?.problems.slice(1), [
    "ListenerSet ns/in, listener x: Invalid: no certificate",
    "ListenerSet ns/out: NotAllowed: see allowedListeners",
  ]);
});

Deno.test("gatewayClusters() tells ListenerSets without a Gateway, and routes on them", () => {
  const route = httpRoute("lost", { parents: [{ name: "set", kind: "ListenerSet" }] });
  const { orphans, unattached } = rows({ listenerSets: [listenerSet()], routes: [route] });
  const problem = "Gateway ns/gw does not exist: create it, or correct spec.parentRef";
  assert.deepEqual(orphans, [{ namespace: "ns", name: "set", problem }]);
  assert.deepEqual(unattached.map(({ problems }) => problems), [
    ["ListenerSet ns/set has no Gateway: create it, or correct parentRefs"],
  ]);
});

Deno.test("gatewayClusters() tells a route of which nothing works from one that works in part", () => {
  const refs = condition("ResolvedRefs", "False", "BackendNotFound", "no Service");
  const conditions = [condition("Accepted", "True"), refs];
  const status = { parents: [{ parentRef: { name: "gw" }, controllerName: ours, conditions }] };
  const routes = [
    httpRoute("a", { status, backends: [{ name: "gone" }] }),
    httpRoute("b", { status, backends: [{ name: "gone" }, { name: "web" }] }),
  ];
  const backends = { services: [lbService()], slices: [endpointSlice()] };
  const { gateways: [row] } = rows({ gateways: [served], routes, backends });
  assert.deepEqual(row?.routes.map(({ fails }) => fails), [true, undefined]);
});
