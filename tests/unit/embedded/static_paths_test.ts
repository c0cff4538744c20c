import assert from "assert";
import { RESOURCES } from "../../../lib/embedded/resources.ts";
import { staticResponse } from "../../../lib/embedded/static_paths.ts";

function get(path: string, accept: string | null = null): Response | undefined {
  return staticResponse(RESOURCES, new URL(path, "http://127.0.0.1:1"), accept);
}

Deno.test.each(
  [
    ["/version", "gitVersion"],
    ["/api", "versions"],
    ["/apis", "groups"],
    ["/apis/apps", "preferredVersion"],
    ["/apis/apps/v1", "resources"],
    ["/api/v1/", "resources"],
    ["/openapi/v2", "definitions"],
    ["/openapi/v3", "paths"],
    ["/openapi/v3/apis/apps/v1", "components"],
  ] as const,
)("staticResponse() of $0 has $1", async (path, member) => {
  const body = await get(path)?.json();
  assert.ok(member in body);
});

Deno.test("staticResponse() tells health and negotiates discovery", async () => {
  assert.equal(await get("/livez")?.text(), "ok");
  const response = get(
    "/apis",
    "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList",
  );
  assert.equal((await response?.json()).kind, "APIGroupDiscoveryList");
});

Deno.test.each(["/", "/api/v2", "/apis/none", "/apis/apps/v1/x/y", "/openapi/v3/x", "/nope"])(
  "staticResponse() does not know %s",
  (path) => assert.equal(get(path), undefined),
);
