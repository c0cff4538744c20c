import assert from "assert";
import { supportedFeatures } from "../../../lib/gateway/features.ts";

Deno.test("supportedFeatures() leaves out what only experimental definitions can carry", () => {
  const standard = supportedFeatures("standard");
  const experimental = supportedFeatures("experimental");
  assert.deepEqual(
    experimental.filter((name) => !standard.includes(name)),
    ["HTTPRouteRetry", "HTTPRouteRetryBackendTimeout", "HTTPRouteRetryConnectionError"],
  );
  assert.ok(standard.every((name) => experimental.includes(name)));
});

Deno.test("supportedFeatures() is sorted, as the status wants it", () => {
  const names = supportedFeatures("experimental");
  assert.deepEqual(names, names.toSorted());
  assert.equal(new Set(names).size, names.length);
});
