import assert from "assert";
import fc from "fast-check";
import { planGateway } from "../../lib/gateway/mod.ts";
import { configProblems } from "../../lib/planes/envoy/config/mod.ts";
import { summarize } from "../../lib/planes/envoy/mod.ts";
import { anyRoutes } from "../fakes/any_routes.ts";
import { gatewayInput } from "../fakes/gateway_input.ts";
import { goldenRoutes } from "../fakes/golden_routes.ts";
import { ownLoopback } from "../fakes/own_loopback.ts";
import { forwardTo, httpPort, matchOf, routeSpecWith, ruleWith } from "../fakes/route_parts.ts";
import { envoyBinary } from "./envoy/envoy_binary.ts";
import { EnvoyProcess } from "./envoy/envoy_process.ts";
import { onOwnPorts } from "./envoy/own_ports.ts";
import { REGEXES } from "./envoy/regexes.ts";

// needs an Envoy: set BERTH_ENVOY, or run `deno task bed parts envoy` once
const binary = await envoyBinary();

/** Where the specs are loaded: nothing of this machine is there. */
const bind = { "172.18.255.1": ownLoopback(32), "fc00:f853:ccd:e793::ff01": "::1" };

withEnvoy("every golden file", async (envoy) => {
  for (const { name, spec } of goldenRoutes()) {
    assert.deepEqual(
      await envoy.load(onOwnPorts(spec), { bind: loopback(spec.addresses) }),
      [],
      name,
    );
  }
});

withEnvoy("golden files, and its dump is summarized as they are", async (envoy) => {
  // what berth itself leaves out is not there
  for (
    const { name, spec } of goldenRoutes().filter((one) => configProblems(one.spec).length === 0)
  ) {
    const own = onOwnPorts(spec);
    await envoy.load(own, { bind: loopback(spec.addresses) });
    const dump: unknown = JSON.parse(await envoy.admin("/config_dump?include_eds"));
    const { listeners, backends, refused } = summarize(dump);
    assert.deepEqual(refused, [], name);
    const ports = new Set(listeners.map(({ protocol, port }) => `${protocol}/${port}`));
    const wanted = own.ports.map(({ protocol, port }) => `${protocol}/${port}`);
    assert.deepEqual([...ports].toSorted(), [...new Set(wanted)].toSorted(), name);
    const known = new Map(backends.map((one) => [one.name, one.endpoints]));
    for (const used of listeners.flatMap(({ serves }) => serves).flatMap((one) => one.backends)) {
      assert.ok(known.has(used), `${name}: ${used}`);
    }
    for (const backend of spec.backends.filter((one) => known.has(one.name))) {
      const endpoints = backend.endpoints.map(({ address, port }) => ({
        address: address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`,
        health: "healthy",
      }));
      assert.deepEqual(known.get(backend.name), endpoints, `${name}: ${backend.name}`);
    }
  }
});

withEnvoy("every Gateway that is planned, with nothing left out", async (envoy) => {
  const folder = new URL("../testdata/gateway/", import.meta.url);
  for (const { name } of Deno.readDirSync(folder)) {
    if (!name.endsWith(".in.yaml")) continue;
    const { spec } = planGateway(gatewayInput(await Deno.readTextFile(new URL(name, folder))));
    if (spec === undefined) continue;
    assert.deepEqual(configProblems(spec), [], name);
    assert.deepEqual(
      await envoy.load(onOwnPorts(spec), { bind: loopback(spec.addresses) }),
      [],
      name,
    );
  }
});

withEnvoy("whatever routes there are", async (envoy) => {
  await fc.assert(
    fc.asyncProperty(anyRoutes(), async (spec) => {
      assert.deepEqual(await envoy.load(onOwnPorts(spec), { bind }), []);
    }),
    { numRuns: 60, endOnFailure: true },
  );
});

withEnvoy("every regular expression that is let pass", async (envoy) => {
  const rules = REGEXES.map((value) =>
    ruleWith({ match: matchOf({ path: { kind: "regex", value } }), action: forwardTo() })
  );
  const spec = routeSpecWith({ ports: [httpPort(rules)] });
  assert.deepEqual(await envoy.load(onOwnPorts(spec), { bind }), []);
  // that the test may fail: most of them are in the proxy
  assert.ok(configProblems(spec).length < REGEXES.length / 2);
});

function loopback(addresses: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    addresses.map((address) => [address, address.includes(":") ? "::1" : ownLoopback(32)]),
  );
}

function withEnvoy(name: string, check: (envoy: EnvoyProcess) => Promise<void>): void {
  Deno.test({
    name: `a real Envoy loads ${name}`,
    ignore: binary === undefined,
    fn: async () => {
      await using envoy = await EnvoyProcess.start(binary ?? "");
      await check(envoy);
    },
  });
}
