import assert from "assert";
import { envoyFiles } from "../../../../lib/planes/envoy/config/mod.ts";
import { handover } from "../../../../lib/planes/envoy/handover.ts";
import {
  backendWith,
  forwardTo,
  httpPort,
  routeSpecWith,
  ruleWith,
  shareOf,
} from "../../../fakes/route_parts.ts";

/** The files of a proxy that leads to these backends. */
function filesFor(names: readonly string[], port = 80) {
  const action = forwardTo({ split: names.map((name) => shareOf(name)) });
  const ports = [httpPort([ruleWith({ action })], { port })];
  const backends = names.map((name) => backendWith({ name }));
  return envoyFiles(routeSpecWith({ ports, backends }), { directory: "/config" });
}

/** Each turn as the kinds of its files, with the clusters that it leaves. */
function turns(before: readonly string[], after: readonly string[], port?: number) {
  const old = filesFor(before);
  const versions = new Set(old.map(({ name, version }) => `${name} ${version}`));
  const changed = filesFor(after, port).filter(({ name, version }) =>
    !versions.has(`${name} ${version}`)
  );
  const cds = old.find(({ kind }) => kind === "cds")?.content ?? "";
  return handover(changed, cds).map((files) =>
    files.map(({ kind, content, version }) => {
      if (kind !== "cds") return kind;
      const { resources, version_info } = JSON.parse(content);
      assert.equal(version_info, version);
      return `cds ${resources.map(({ name }: { name: string }) => name)}`;
    })
  );
}

for (
  const [what, before, after, expected] of [
    ["another backend", ["a"], ["b"], [["eds", "cds b,a"], ["rds"], ["cds b"]]],
    ["one more backend", ["a"], ["a", "b"], [["eds", "cds a,b"], ["rds"]]],
    ["one backend less", ["a", "b"], ["a"], [["rds"], ["cds a"]]],
    ["the first backend", [], ["a"], [["eds", "cds a", "rds"]]],
    ["no change", ["a"], ["a"], [[]]],
  ] as const
) {
  Deno.test(`handover() keeps every cluster that a route may lead to: ${what}`, () => {
    assert.deepEqual(turns(before, after), expected);
  });
}

Deno.test("handover() treats listeners as routes", () => {
  assert.deepEqual(turns(["a"], ["b"], 81), [["eds", "cds b,a"], ["rds", "lds"], ["cds b"]]);
});

Deno.test("handover() needs one turn where clusters only change", () => {
  const files = filesFor(["a"]);
  const cds = files.find(({ kind }) => kind === "cds");
  assert.deepEqual(handover(files, cds?.content ?? ""), [files]);
});
