import assert from "assert";
import { parse, stringify } from "yaml";
import { envoyFiles } from "../../../../../lib/planes/envoy/config/files.ts";
import { configProblems } from "../../../../../lib/planes/envoy/config/servable.ts";
import { goldenRoutes } from "../../../../fakes/golden_routes.ts";
import type { RouteSpec } from "../../../../../lib/proxy/types.ts";

// `deno test -A FILE -- --update` writes what is made instead of comparing it
const UPDATES = Deno.args.includes("--update");

for (const { name, spec, expected } of goldenRoutes()) {
  Deno.test(`envoyFiles() makes ${name}.out.yaml of ${name}.in.yaml`, async () => {
    const made = JSON.parse(JSON.stringify(filesOf(spec)));
    if (UPDATES) await Deno.writeTextFile(expected, stringify(made, { lineWidth: 100 }));
    assert.deepEqual(made, parse(await Deno.readTextFile(expected)));
  });
}

function filesOf(spec: RouteSpec) {
  const files = envoyFiles(spec, { directory: "/config" }).map((file) => ({
    name: file.name,
    ...(file.secret ? { secret: true } : {}),
    resources: JSON.parse(file.content).resources.map(withoutText),
  }));
  return { problems: configProblems(spec), files };
}

/** The texts of certificates say nothing here, and keys should be read nowhere. */
function withoutText(resource: unknown): unknown {
  return JSON.parse(JSON.stringify(resource), (name, value) => {
    return name === "inline_string" ? "(PEM)" : value;
  });
}
