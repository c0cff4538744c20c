import assert from "assert";
import { systemClock } from "../../../../lib/core/mod.ts";
import {
  createEnvoyPlane,
  inspectConfig,
  inspectProxies,
  publishedLookup,
} from "../../../../lib/planes/envoy/mod.ts";
import { FakeEdge } from "../../../fakes/fake_edge.ts";
import { routeSpec } from "../../../fakes/http_route_spec.ts";

const options = { signal: new AbortController().signal };

Deno.test("inspectConfig() finds a proxy by any of its names, and blanks its secrets", async () => {
  const fake = new FakeEdge();
  const { engine } = fake;
  await assert.rejects(inspectConfig(engine, "web"), { message: /no proxy runs/ });
  const events = { moved: () => {}, broken: () => {} };
  await using plane = createEnvoyPlane({ cluster: "c", engine, events, clock: systemClock });
  await plane.ensureRoutes(routeSpec("c/gateway/ns/web"), options);
  assert.deepEqual(await inspectProxies(engine), [{
    cluster: "c",
    name: "berth-c-gateway-ns-web",
    key: "c/gateway/ns/web",
    addresses: ["172.18.255.1"],
    published: [],
  }]);
  for (const name of ["berth-c-gateway-ns-web", "c/gateway/ns/web", "ns/web"]) {
    const { facts, dump } = await inspectConfig(engine, name);
    assert.equal(facts.key, "c/gateway/ns/web");
    const text = JSON.stringify(dump);
    assert.match(text, /tcp-80-/);
    assert.match(text, /"private_key":"\[redacted\]"/);
  }
  await assert.rejects(inspectConfig(engine, "ns/other"), {
    kind: "not-found",
    message: "there is no proxy ns/other: use one of berth-c-gateway-ns-web",
  });
});

Deno.test("inspectConfig() refuses a name that a Service and a Gateway share", async () => {
  const fake = new FakeEdge();
  const { engine } = fake;
  const events = { moved: () => {}, broken: () => {} };
  await using plane = createEnvoyPlane({ cluster: "c", engine, events, clock: systemClock });
  await plane.ensureRoutes(routeSpec("c/gateway/ns/web"), options);
  const other = { ...routeSpec("c/ns/web"), addresses: ["172.18.255.2"] };
  await plane.ensureRoutes(other, options);
  await assert.rejects(inspectConfig(engine, "ns/web"), {
    kind: "invalid",
    message: "proxy ns/web is ambiguous: use gateway/ns/web or berth-c-ns-web",
  });
  await inspectConfig(engine, "gateway/ns/web");
  await inspectConfig(engine, "berth-c-ns-web");
});

Deno.test("publishedLookup() tells the host ports of what a key serves", async () => {
  const { engine } = new FakeEdge();
  const labels = { "berth.dev/owner": "berth" };
  const ports = { "80/tcp": { address: "0.0.0.0", port: 8080 } };
  engine.run({ name: "berth-c-ingress-published", labels, ports });
  const hostPorts = await publishedLookup(engine);
  assert.deepEqual(hostPorts("c/ingress"), ["8080->80/tcp"]);
  assert.deepEqual(hostPorts("c/ns/web"), []);
});
