import assert from "assert";
import fc from "fast-check";
import { allocate, Ledger, networkPools } from "../../../lib/addresses/mod.ts";
import { AppError } from "../../../lib/core/mod.ts";
import type { AddressView, Outcome, ServiceJob } from "../../../lib/dispatch/types.ts";
import type { Plane, PlaneName } from "../../../lib/planes/types.ts";
import type { ProxySpec } from "../../../lib/proxy/types.ts";
import { type Proposal, reconcile, type ReconcileDeps } from "../../../lib/services/mod.ts";
import { endpointSlice, lbService, type ServiceChange } from "../../fakes/kube_objects.ts";

const { signal } = new AbortController();
const key = "one/ns/web";
const subnet = "172.18.0.0/16";

/** Planes that write down what they are asked. */
function recorder(names: readonly PlaneName[], change: Partial<Plane> = {}) {
  const calls: string[] = [];
  const specs: ProxySpec[] = [];
  const planes = names.map((name): readonly [PlaneName, Plane] => [name, {
    name,
    ensure(spec) {
      calls.push(`${name} ensure ${spec.key}`);
      specs.push(spec);
      const addresses = spec.addresses.map((address) => ({ address, node: "a" }));
      return Promise.resolve({ key: spec.key, addresses, warnings: [] });
    },
    remove(key) {
      calls.push(`${name} remove ${key}`);
      return Promise.resolve();
    },
    setNodes: () => Promise.resolve(),
    list: () => Promise.resolve([{ key: `${name}-held`, addresses: [], warnings: [] }]),
    [Symbol.asyncDispose]: () => Promise.resolve(),
    ...change,
  }]);
  return { calls, specs, planes: new Map(planes) };
}

interface BedOptions {
  readonly ledger?: Ledger;
  readonly planes?: ReadonlyMap<PlaneName, Plane>;
  readonly nodes?: readonly string[];
  /** Runs before each commit: somebody else may be faster. */
  readonly beforeCommit?: (proposal: Proposal) => void;
}

function bed(options: BedOptions = {}) {
  const { ledger = newLedger(), nodes = ["a"], beforeCommit = () => {} } = options;
  let time = 0;
  let commits = 0;
  const deps: ReconcileDeps = {
    planes: options.planes ?? recorder(["kernel"]).planes,
    nodes: () => nodes.map((name) => ({ name, eligible: true })),
    commit(proposal) {
      commits++;
      beforeCommit(proposal);
      const result = ledger.commit(proposal.key, proposal.addresses, proposal.use);
      return Promise.resolve({ result, view: ledger.view(proposal.key) });
    },
    now: () => time++,
    stage: (_name, work) => work(),
  };
  return {
    ledger,
    commits: () => commits,
    run: (job: ServiceJob) => reconcile(job, deps, signal),
    ensure: (change: ServiceChange = {}, view?: AddressView) =>
      reconcile(ensureJob(ledger, change, view), deps, signal),
  };
}

function newLedger(...subnets: readonly string[]): Ledger {
  return new Ledger(networkPools({ name: "kind", subnets: subnets.length ? subnets : [subnet] }));
}

function ensureJob(ledger: Ledger, change: ServiceChange, view = ledger.view(key)): ServiceJob {
  const slices = [endpointSlice()];
  return { kind: "ensure", key, service: lbService(change), slices, view, plane: "kernel" };
}

function failed(outcome: Outcome, kind: string, message: string | RegExp): void {
  assert.equal(outcome.kind, "failed");
  if (outcome.kind !== "failed") return;
  assert.equal(outcome.errorKind, kind);
  if (typeof message === "string") assert.equal(outcome.message, message);
  else assert.match(outcome.message, message);
  assert.equal(outcome.events.length, 1);
}

function addressesOf(outcome: Outcome): readonly string[] {
  assert.equal(outcome.kind, "served", JSON.stringify(outcome));
  return outcome.kind === "served" ? outcome.served.addresses.map(({ address }) => address) : [];
}

Deno.test("reconcile() serves: address, data path, then the other planes let go", async () => {
  const { planes, calls, specs } = recorder(["embedded", "kernel"]);
  const { ensure, ledger } = bed({ planes });
  const outcome = await ensure();
  assert.deepEqual(calls, [`kernel ensure ${key}`, `embedded remove ${key}`]);
  assert.deepEqual(ledger.held(key), addressesOf(outcome));
  assert.deepEqual(specs[0]?.addresses, ledger.held(key));
  assert.ok(outcome.kind === "served");
  assert.deepEqual([outcome.plane, outcome.stages], ["kernel", { plan: 1, apply: 1 }]);
});

Deno.test("reconcile() keeps an address, across restarts too", async () => {
  const { ensure } = bed();
  const first = addressesOf(await ensure());
  assert.deepEqual(addressesOf(await ensure()), first);
  assert.deepEqual(addressesOf(await bed().ensure()), first);
});

Deno.test("reconcile() gives the address asked for, and lets go of it on request", async () => {
  const { ensure } = bed();
  const asked = { spec: { loadBalancerIP: "172.18.255.77" } };
  assert.deepEqual(addressesOf(await ensure(asked)), ["172.18.255.77"]);
  const other = { annotations: { "metallb.io/loadBalancerIPs": "172.18.9.9" } };
  assert.deepEqual(addressesOf(await ensure(other)), ["172.18.9.9"]);
});

Deno.test("reconcile() gives each family its address, in order", async () => {
  const { ensure } = bed({ ledger: newLedger(subnet, "fc00:f853:ccd:e793::/64") });
  const [six = "", four = ""] = addressesOf(
    await ensure({
      spec: { ipFamilies: ["IPv6", "IPv4"] },
    }),
  );
  assert.match(six, /^fc00:f853:ccd:e793:/);
  assert.match(four, /^172\.18\.255\./);
});

Deno.test("reconcile() fails with the remedy, and applies nothing", async () => {
  const taken = newLedger();
  taken.commit("one/ns/other", ["172.18.255.7"], { ports: ["TCP/80"], sharingKey: "edge" });
  const elsewhere = { ports: ["TCP/81"], sharingKey: "edge", plane: "envoy" };
  taken.commit("one/ns/proxied", ["172.18.255.9"], elsewhere);
  const shared = { "berth.dev/allow-shared-ip": "edge" };
  const cases: readonly (readonly [string, ServiceChange, string, RegExp])[] = [
    ["text", { spec: { loadBalancerIP: "x" } }, "invalid", /loadBalancerIP is "x": write an IP/],
    ["range", { spec: { loadBalancerSourceRanges: ["x"] } }, "invalid", /Ranges: "x" is not/],
    [
      "outside",
      { spec: { loadBalancerIP: "10.9.9.9" } },
      "conflict",
      /^address 10\.9\.9\.9 is outside every pool \(172\.18\..*\): ask for one inside$/,
    ],
    [
      "in use",
      { spec: { loadBalancerIP: "172.18.255.7" } },
      "conflict",
      /^address 172\.18\.255\.7 belongs to Service one\/ns\/other: ask for another one, or set/,
    ],
    [
      "port conflict",
      { spec: { loadBalancerIP: "172.18.255.7" }, annotations: shared },
      "conflict",
      /: port TCP\/80 is taken there: use other ports or another address$/,
    ],
    [
      "two planes",
      { spec: { loadBalancerIP: "172.18.255.9" }, annotations: shared },
      "conflict",
      /: planes kernel and envoy cannot share it: give both the same berth\.dev\/plane/,
    ],
    ["no pool", { spec: { ipFamilies: ["IPv6"] } }, "exhausted", /^the network has no IPv6 subnet/],
  ];
  for (const [what, change, kind, message] of cases) {
    const { planes, calls } = recorder(["kernel"]);
    failed(await bed({ ledger: taken, planes }).ensure(change), kind, message);
    assert.deepEqual(calls, [], what);
  }
});

Deno.test("reconcile() serves who prefers two families with one, and notes it in the status alone", async () => {
  const spec = { ipFamilies: ["IPv4", "IPv6"], ipFamilyPolicy: "PreferDualStack" } as const;
  const outcome = await bed().ensure({ spec });
  assert.equal(addressesOf(outcome).length, 1);
  assert.ok(outcome.kind === "served");
  assert.match(outcome.planned?.[0] ?? "", /^single stack, as the network has no free IPv6 addr/);
  assert.deepEqual(outcome.events, []);
  const required = await bed().ensure({ spec: { ...spec, ipFamilyPolicy: "RequireDualStack" } });
  failed(required, "exhausted", /^the network has no IPv6 subnet .* to PreferDualStack/);
});

Deno.test("reconcile() shares an address on other ports", async () => {
  const ledger = newLedger();
  ledger.commit("one/ns/other", ["172.18.255.7"], { ports: ["TCP/443"], sharingKey: "edge" });
  const annotations = { "berth.dev/allow-shared-ip": "edge" };
  const asked = { spec: { loadBalancerIP: "172.18.255.7" }, annotations };
  assert.deepEqual(addressesOf(await bed({ ledger }).ensure(asked)), ["172.18.255.7"]);
});

Deno.test("reconcile() fails without a node, and says which event", async () => {
  const outcome = await bed({ nodes: [] }).ensure();
  failed(outcome, "exhausted", /^no node may announce the address \(nodes: none\)/);
  assert.ok(outcome.kind === "failed");
  assert.equal(outcome.events[0]?.reason, "UnAvailableLoadBalancer");
});

Deno.test("reconcile() names the planes there are when one is missing", async () => {
  const { planes } = recorder(["embedded"]);
  const message = 'plane "kernel" is not available in this cluster: use "embedded"';
  failed(await bed({ planes }).ensure(), "invalid", message);
});

Deno.test("reconcile() passes on what a plane says", async () => {
  const ensure: Plane["ensure"] = ({ key }) =>
    Promise.resolve({ key, addresses: [], warnings: ["port 9 is not served"] });
  const warned = await bed({ planes: recorder(["kernel"], { ensure }).planes }).ensure();
  assert.ok(warned.kind === "served");
  assert.deepEqual(warned.events, [
    { type: "Warning", reason: "LoadBalancerWarning", message: "port 9 is not served" },
  ]);
  const refuse: Plane["ensure"] = () =>
    Promise.reject(new AppError("node a has no nft: install it", { kind: "unavailable" }));
  const { planes } = recorder(["kernel"], { ensure: refuse });
  failed(await bed({ planes }).ensure(), "unavailable", "node a has no nft: install it");
});

Deno.test("reconcile() tells which ports nobody is ready for, without an event", async () => {
  const { run, ledger } = bed();
  const job = ensureJob(ledger, {});
  const all = await run(job);
  const none = await run({ ...job, slices: [] } as ServiceJob);
  assert.ok(all.kind === "served" && none.kind === "served");
  assert.deepEqual([all.served.warnings, all.planned], [[], undefined]);
  assert.deepEqual(none.planned, none.served.warnings);
  assert.deepEqual([none.served.warnings, none.events], [[
    "no Pod is ready for port TCP/80: check spec.selector, targetPort and the Pods' readiness",
  ], []]);
});

Deno.test("reconcile() removes from every plane, and fails when one cannot", async () => {
  const { planes, calls } = recorder(["embedded", "kernel"]);
  const { run } = bed({ planes });
  assert.deepEqual(await run({ kind: "remove", key }), { kind: "removed", stages: { apply: 1 } });
  assert.deepEqual(calls, [`embedded remove ${key}`, `kernel remove ${key}`]);
  const remove = () => Promise.reject(new Error("broken"));
  const broken = bed({ planes: recorder(["kernel"], { remove }).planes });
  failed(await broken.run({ kind: "remove", key }), "internal", "broken");
});

Deno.test("reconcile() lists what every plane carries", async () => {
  const { run } = bed({ planes: recorder(["embedded", "kernel"]).planes });
  const outcome = await run({ kind: "list" });
  assert.ok(outcome.kind === "listed");
  assert.deepEqual(outcome.served.map(({ key }) => key), ["embedded-held", "kernel-held"]);
});

Deno.test("reconcile() rejects when it is canceled", async () => {
  const stop = new AbortController();
  const ensure: Plane["ensure"] = () => {
    stop.abort(new AppError("stopping", { kind: "canceled" }));
    return Promise.reject(new Error("cut"));
  };
  const { planes } = recorder(["kernel"], { ensure });
  const ledger = newLedger();
  const deps: ReconcileDeps = {
    planes,
    nodes: () => [{ name: "a", eligible: true }],
    commit: () => Promise.resolve({ result: { ok: true }, view: ledger.view(key) }),
    now: () => 0,
    stage: (_name, work) => work(),
  };
  const run = reconcile(ensureJob(ledger, {}), deps, stop.signal);
  await assert.rejects(run, { kind: "canceled", message: "stopping" });
});

Deno.test("reconcile() plans again when another Service is faster", async () => {
  const ledger = newLedger();
  let races = 3;
  const rival = bed({
    ledger,
    beforeCommit({ addresses }) {
      if (races-- > 0) ledger.commit(`rival${races}`, addresses, { ports: [], sharingKey: "" });
    },
  });
  const got = addressesOf(await rival.ensure());
  assert.equal(rival.commits(), 4);
  assert.deepEqual(ledger.held(key), got);
});

Deno.test("reconcile() plans again for one family while it holds the other", async () => {
  const ledger = newLedger(subnet, "fc00:f853:ccd:e793::/64");
  const [held = ""] = addressesOf(await bed({ ledger }).ensure());
  let races = 1;
  const rival = bed({
    ledger,
    beforeCommit({ addresses }) {
      const six = addresses.filter((address) => address.includes(":"));
      if (races-- > 0) ledger.commit("rival", six, { ports: [], sharingKey: "" });
    },
  });
  const got = addressesOf(await rival.ensure({ spec: { ipFamilies: ["IPv4", "IPv6"] } }));
  assert.equal(got[0], held);
  assert.notEqual(got[1], ledger.held("rival")[0]);
});

Deno.test("reconcile() gives up a race that it loses again and again", async () => {
  const ledger = newLedger();
  let rivals = 0;
  const rival = bed({
    ledger,
    beforeCommit: ({ addresses }) =>
      void ledger.commit(`rival${rivals++}`, addresses, { ports: [], sharingKey: "" }),
  });
  failed(await rival.ensure(), "conflict", /^other Services took every address proposed/);
  assert.equal(rivals, 8);
});

Deno.test("reconcile() never gives an address twice, whoever is faster", async () => {
  const name = fc.constantFrom("a", "b", "c", "d", "e");
  const stale = fc.boolean();
  const steps = fc.array(fc.record({ name, rival: fc.option(name), stale, drop: fc.boolean() }));
  await fc.assert(fc.asyncProperty(steps, async (steps) => {
    // 6 addresses for 5 names, so that races and exhaustion both happen
    const ledger = newLedger("10.0.0.0/29");
    const old = ledger.view("a");
    const use = { ports: ["TCP/80"], sharingKey: "" };
    for (const { name, rival, stale, drop } of steps) {
      let once = rival;
      const { run } = bed({
        ledger,
        beforeCommit() {
          if (once !== null && once !== name) grab(ledger, once, use);
          once = null;
        },
      });
      const view = stale ? old : ledger.view(name);
      const service = lbService({ metadata: { name } });
      await run({ kind: "ensure", key: name, service, slices: [], view, plane: "kernel" });
      if (drop) ledger.settle(name, []);
      const held = [...ledger.keys()].flatMap((key) => ledger.held(key));
      assert.equal(new Set(held).size, held.length);
    }
  }));
});

function grab(ledger: Ledger, name: string, use: Proposal["use"]): void {
  const decision = allocate(
    { families: ["IPv4"], policy: "SingleStack", requested: [] },
    ledger.view(name),
  );
  if (decision.kind !== "refuse") ledger.commit(name, decision.addresses, use);
}

Deno.test("reconcile() refuses a Service of whose ports its plane carries none", async () => {
  const { planes, calls } = recorder(["envoy"]);
  const { run, ledger } = bed({ planes });
  const ports = [{ port: 132, protocol: "SCTP" as const }];
  const job: ServiceJob = { ...ensureJob(ledger, { spec: { ports } }), plane: "envoy" } as never;
  failed(await run(job), "invalid", /^the envoy plane does not serve port SCTP\/132: /);
  assert.deepEqual([calls, ledger.held(key)], [[], []]);
});

Deno.test("reconcile() serves what its plane carries, and says what is left out", async () => {
  const { planes, specs } = recorder(["envoy"]);
  const { run, ledger } = bed({ planes });
  const ports = [{ port: 80 }, { port: 132, protocol: "SCTP" as const }];
  const job: ServiceJob = { ...ensureJob(ledger, { spec: { ports } }), plane: "envoy" } as never;
  const outcome = await run(job);
  assert.deepEqual(specs[0]?.listeners.map(({ port }) => port), [80]);
  assert.ok(outcome.kind === "served");
  const [said = ""] = outcome.served.warnings;
  assert.match(said, /does not serve port SCTP\/132/);
  assert.deepEqual(outcome.events.map(({ message }) => message), [said]);
});
