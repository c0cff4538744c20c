import assert from "assert";
import { fileVersions, proxyFiles } from "../../../../lib/planes/envoy/proxy_files.ts";
import { httpPort, matchOf, routeSpecWith, ruleWith } from "../../../fakes/route_parts.ts";

Deno.test("proxyFiles() refuses what would take the memory of all other proxies", () => {
  const long = (count: number) => {
    const rules = Array.from({ length: count }, (_, at) => {
      const path = { kind: "exact", value: `/${at}/${"x".repeat(16_000)}` } as const;
      return ruleWith({ match: matchOf({ path }) });
    });
    return routeSpecWith({ ports: [httpPort(rules)] });
  };
  assert.equal(proxyFiles(long(1_900)).length, 4);
  assert.throws(() => proxyFiles(long(2_000)), {
    kind: "invalid",
    message: "kind/gateway/shop/gateway needs 33 MB of configuration, and 32 MB are the most: " +
      "use fewer rules, hosts or listeners",
  });
});

Deno.test("fileVersions() leaves the version of those open that Envoy did not confirm", () => {
  const files = proxyFiles(routeSpecWith());
  const [first, ...others] = files;
  assert.ok(first !== undefined && others.length > 0);
  const versions = fileVersions(files, [first]);
  assert.equal(versions[first.name], "");
  for (const { name, version } of others) assert.equal(versions[name], version);
});
