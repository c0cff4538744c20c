import assert from "assert";
import { problem } from "../../../lib/gateway/problem.ts";
import { withHostnames } from "../../../lib/gateway/route_hostnames.ts";
import { planWebRoute } from "../../../lib/gateway/http_routes.ts";
import { httpRoute } from "../../fakes/gateway_objects.ts";

const long = `${"x".repeat(64)}.example`;

function planned(hostnames: readonly string[], partly?: string) {
  const { metadata } = httpRoute();
  const route = { kind: "HTTPRoute", metadata, spec: { hostnames } } as const;
  const plan = planWebRoute(route, () => ({ resolved: undefined, problem: undefined }));
  return withHostnames({ ...plan, ...(partly && { partly: problem("Odd", partly) }) });
}

Deno.test("withHostnames() leaves good names alone", () => {
  for (const names of [[], ["a.example", "*.B.example"]]) {
    const { refused, partly } = planned(names);
    assert.deepEqual([refused, partly], [undefined, undefined]);
  }
});

Deno.test("withHostnames() refuses a route that has no name that can be", () => {
  const { refused, partly } = planned([long]);
  assert.equal(refused?.reason, "UnsupportedValue");
  assert.match(refused?.message ?? "", /^hostnames: "x+\.example" is no DNS name: use /);
  assert.equal(partly, undefined);
});

Deno.test("withHostnames() tells of the names that are left out, after what is told already", () => {
  const { refused, partly } = planned(["a.example", long], "Dropped Rule: rule 1");
  assert.equal(refused, undefined);
  assert.equal(partly?.reason, "Odd");
  assert.match(partly?.message ?? "", /^Dropped Rule: rule 1; Dropped Rule: those for hostnames: /);
});
