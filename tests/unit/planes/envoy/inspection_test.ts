import assert from "assert";
import { systemClock } from "../../../../lib/core/mod.ts";
import {
  createEnvoyPlane,
  inspectConfig,
  inspectProxies,
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
  }]);
  for (const name of ["berth-c-gateway-ns-web", "c/gateway/ns/web", "ns/web"]) {
    const text = JSON.stringify(await inspectConfig(engine, name));
    assert.match(text, /tcp-80-/);
    assert.match(text, /"private_key":"\[redacted\]"/);
  }
  await assert.rejects(inspectConfig(engine, "ns/other"), {
    kind: "not-found",
    message: "there is no proxy ns/other: use one of berth-c-gateway-ns-web",
  });
});
