import assert from "assert";
import { parseResourcePath } from "../../../lib/embedded/request_path.ts";
import { RESOURCES } from "../../../lib/embedded/resources.ts";

function parse(path: string): string {
  const target = parseResourcePath(
    path,
    (group, version, plural) =>
      RESOURCES.find((row) =>
        row.group === group && row.version === version && row.plural === plural
      ),
  );
  if (!target) return "none";
  return [target.row.plural, target.namespace, target.name, target.subresource].map((part) =>
    part ?? "-"
  ).join(" ");
}

Deno.test.each(
  [
    ["/api/v1/services", "services - - -"],
    ["/api/v1/namespaces/ns/services", "services ns - -"],
    ["/api/v1/namespaces/ns/services/web", "services ns web -"],
    ["/api/v1/namespaces/ns/services/web/status", "services ns web status"],
    ["/api/v1/namespaces", "namespaces - - -"],
    ["/api/v1/namespaces/ns", "namespaces - ns -"],
    ["/api/v1/namespaces/ns/status", "namespaces - ns status"],
    ["/api/v1/namespaces/ns/finalize", "namespaces - ns finalize"],
    ["/api/v1/nodes/n/status", "nodes - n status"],
    ["/apis/apps/v1/namespaces/ns/deployments/web/scale", "deployments ns web scale"],
    ["/apis/apps/v1/deployments", "deployments - - -"],
    ["/api/v1/namespaces/ns/pods/a%2Fb", "pods ns a/b -"],
    ["/api/v1/namespaces/ns/nodes", "none"],
    ["/api/v1/services/web", "none"],
    ["/api/v1/namespaces/ns/services/web/status/more", "none"],
    ["/api/v2/services", "none"],
    ["/apis/apps/v1", "none"],
    ["/healthz", "none"],
  ] as const,
)("parseResourcePath() of $0 is $1", (path, expected) => {
  assert.equal(parse(path), expected);
});
