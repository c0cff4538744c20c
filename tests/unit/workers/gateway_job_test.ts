import assert from "assert";
import { AppError } from "../../../lib/core/mod.ts";
import type { GatewayJob } from "../../../lib/dispatch/types.ts";
import type { Gateway, GatewayInput } from "../../../lib/gateway/mod.ts";
import { runGatewayJob } from "../../../workers/gateway_job.ts";
import { ledgerOf } from "../../fakes/controller_bed.ts";
import { FakeRoutePlane } from "../../fakes/fake_route_plane.ts";
import { gateway } from "../../fakes/gateway_objects.ts";

const key = "one/gateway/ns/gw";
const signal = new AbortController().signal;

function input(of: Gateway): GatewayInput {
  return {
    ...{ cluster: "one", controllerName: "berth.dev/gateway-controller", gateway: of },
    ...{ listenerSets: [], routes: [], namespaces: {}, services: [], slices: [], secrets: [] },
    ...{ configMaps: [], grants: [], policies: [], addresses: [], unusable: {} },
    now: "2026-01-01T00:00:00Z",
  };
}

function bed() {
  const plane = new FakeRoutePlane();
  const ledger = ledgerOf("172.18.0.0/24");
  const run = (of: Gateway, plane?: FakeRoutePlane) => {
    const job: GatewayJob = { kind: "gateway", key, input: input(of), view: ledger.view(key) };
    return runGatewayJob(job, {
      plane,
      nodes: () => [],
      commit: ({ key, addresses, use }) =>
        Promise.resolve({ result: ledger.commit(key, addresses, use), view: ledger.view(key) }),
      now: () => 0,
      stage: (_name, work) => work(),
    }, signal);
  };
  return { plane, ledger, run: (of: Gateway) => run(of, plane), runWithout: run };
}

Deno.test("runGatewayJob() serves a Gateway on an address of the ledger, and says so", async () => {
  const { plane, ledger, run } = bed();
  const { served, statuses } = await run(gateway());
  const [address] = ledger.held(key);
  assert.deepEqual(plane.specs.get(key)?.addresses, [address]);
  assert.deepEqual(served?.addresses, [{ address }]);
  assert.deepEqual(statuses.gateway.addresses, [{ type: "IPAddress", value: address }]);
});

Deno.test("runGatewayJob() takes away what a Gateway served that is not accepted any more", async () => {
  const { plane, run } = bed();
  await run(gateway());
  const parametersRef = { group: "", kind: "ConfigMap", name: "x" };
  const spec = { ...gateway().spec, infrastructure: { parametersRef } };
  const outcome = await run(gateway("gw", { spec }));
  assert.equal(plane.specs.size, 0);
  assert.equal(outcome.served, undefined);
  assert.equal(outcome.failure, undefined);
});

Deno.test("runGatewayJob() tells in the statuses that the proxy is in trouble", async () => {
  const { plane, run } = bed();
  plane.trouble = new AppError("the engine is away: start it", { kind: "unavailable" });
  const { failure, statuses } = await run(gateway());
  assert.deepEqual(failure, { errorKind: "unavailable", message: "the engine is away: start it" });
  const programmed = statuses.gateway.conditions?.find(({ type }) => type === "Programmed");
  assert.equal(programmed?.status, "False");
  assert.match(programmed?.message ?? "", /the engine is away/);
});

Deno.test("runGatewayJob() without a plane says what is missing", async () => {
  const { failure } = await bed().runWithout(gateway());
  assert.match(failure?.message ?? "", /need the Envoy plane/);
});

Deno.test("runGatewayJob() does not serve where no address is free", async () => {
  const { plane, ledger, run } = bed();
  const free = () => ledger.view(key).free.IPv4;
  while (free().length > 0) for (const address of free()) ledger.reserve(address, "a test");
  const { failure, served } = await run(gateway());
  assert.equal(failure?.errorKind, "exhausted");
  assert.equal(served, undefined);
  assert.equal(plane.specs.size, 0);
});

Deno.test("runGatewayJob() tells an address that cannot be had", async () => {
  const { plane, run } = bed();
  const spec = { ...gateway().spec, addresses: [{ type: "IPAddress", value: "10.9.9.9" }] };
  const { statuses } = await run(gateway("gw", { spec }));
  const programmed = statuses.gateway.conditions?.find(({ type }) => type === "Programmed");
  assert.equal(programmed?.reason, "AddressNotUsable");
  assert.equal(plane.specs.size, 0);
});

Deno.test("runGatewayJob() tells that an address which another one has may come free", async () => {
  const { ledger, run } = bed();
  const spec = { ...gateway().spec, addresses: [{ type: "IPAddress", value: "172.18.0.9" }] };
  ledger.commit("one/ns/web", ["172.18.0.9"], { ports: ["TCP/80"], sharingKey: "" });
  assert.deepEqual((await run(gateway("gw", { spec }))).taken, ["172.18.0.9"]);
  ledger.settle("one/ns/web", []);
  const { served, taken } = await run(gateway("gw", { spec }));
  assert.deepEqual([served?.addresses, taken], [[{ address: "172.18.0.9" }], []]);
});
