import { parse } from "yaml";
import type { RouteSpec } from "../../lib/proxy/types.ts";

const FOLDER = new URL("../testdata/envoy/", import.meta.url);

/** One of `tests/testdata/envoy`. */
export interface GoldenRoutes {
  readonly name: string;
  readonly spec: RouteSpec;
  /** The file that holds what becomes of it. */
  readonly expected: URL;
}

/** Every `*.in.yaml`, sorted by name. */
export function goldenRoutes(): readonly GoldenRoutes[] {
  const names = [...Deno.readDirSync(FOLDER)].map((entry) => entry.name)
    .filter((name) => name.endsWith(".in.yaml"))
    .map((name) => name.slice(0, -".in.yaml".length));
  return names.toSorted().map((name) => ({
    name,
    spec: parse(Deno.readTextFileSync(new URL(`${name}.in.yaml`, FOLDER))) as RouteSpec,
    expected: new URL(`${name}.out.yaml`, FOLDER),
  }));
}
