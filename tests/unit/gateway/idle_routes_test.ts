import assert from "assert";
import { gatewayYaml, objectYaml, planOf, routeConditions } from "../../fakes/gateway_plans.ts";
import { servedAll } from "../../fakes/gateway_text.ts";

const CONFLICT = gatewayYaml(`
  { name: a, port: 80, protocol: HTTP },
  { name: b, port: 80, protocol: TCP },
  { name: c, port: 81, protocol: HTTP }
`);
const web = (parents: string) => objectYaml("HTTPRoute", "r", `{ parentRefs: [${parents}] }`);

Deno.test("withIdle() tells of a route whose listener is in conflict, beside its acceptance", () => {
  const plan = planOf(CONFLICT + web("{ name: gw, sectionName: a }, { name: gw }"));
  assert.deepEqual(routeConditions(plan, "r"), [
    [
      "Accepted True Accepted",
      "ResolvedRefs True ResolvedRefs",
      "berth.dev/Serving False ProtocolConflict",
    ],
    ["Accepted True Accepted", "ResolvedRefs True ResolvedRefs"],
  ]);
  assert.match(servedAll(plan).notes.join("\n"), /HTTPRoute infra\/r is not served by Gateway gw/);
});

Deno.test("withIdle() tells of a stream route that has an older one before it", () => {
  const listeners = gatewayYaml(`
    { name: one, port: 81, protocol: TCP }, { name: two, port: 82, protocol: TCP }
  `);
  const tcp = (name: string, section: string) =>
    objectYaml("TCPRoute", name, `{ parentRefs: [{ name: gw${section} }], rules: [{}] }`);
  const plan = planOf(listeners + tcp("a", ", sectionName: one") + tcp("b", ", sectionName: one"));
  const serving = (name: string) =>
    routeConditions(plan, name).flat().filter((one) => one.startsWith("berth.dev/Serving"));
  assert.deepEqual([serving("a"), serving("b")], [
    [],
    ["berth.dev/Serving False OlderRouteServed"],
  ]);
  const wide = planOf(listeners + tcp("a", ", sectionName: one") + tcp("b", ""));
  assert.equal(routeConditions(wide, "b").flat().length, 2, "the other listener serves it");
});

Deno.test("withIdle() tells of a TLSRoute whose hosts all are an older one's", () => {
  const listener = gatewayYaml("{ name: x, port: 443, protocol: TLS, tls: { mode: Passthrough } }");
  const tls = (name: string, hosts: string) =>
    objectYaml(
      "TLSRoute",
      name,
      `{ parentRefs: [{ name: gw }], hostnames: [${hosts}], rules: [{}] }`,
    );
  const plan = planOf(
    listener + tls("a", "a.example, b.example") + tls("b", "b.example, a.example") +
      tls("c", "a.example, c.example"),
  );
  const idle = (name: string) =>
    routeConditions(plan, name).flat().includes("berth.dev/Serving False OlderRouteServed");
  assert.deepEqual(["a", "b", "c"].map(idle), [false, true, false]);
});
