import assert from "assert";
import type { FilesOptions } from "../../../lib/planes/envoy/config/mod.ts";
import type {
  Backend as RouteBackend,
  RoutePort,
  RouteSpec,
  Rule,
} from "../../../lib/proxy/types.ts";
import { httpPort } from "../../fakes/route_parts.ts";
import { type Backend, unusedPort } from "./backends.ts";
import { EnvoyProcess } from "./envoy_process.ts";
import { envoyBinary } from "./envoy_binary.ts";

// needs an Envoy: set BERTH_ENVOY, or run `deno task bed parts envoy` once
const binary = await envoyBinary();

/** A real Envoy on loopback, with a port of its own. */
export interface TrafficBed {
  readonly envoy: EnvoyProcess;
  /** A port that is free, for TCP and UDP. */
  readonly port: number;
  /** Serves an HTTP port with these rules. */
  serve(rules: readonly Rule[], backends: readonly RouteBackend[]): Promise<void>;
  /** Serves any ports. */
  load(
    part: Partial<RouteSpec> & { readonly ports: readonly RoutePort[] },
    expected?: { readonly mayRefuse: "sds" },
  ): Promise<void>;
}

/** A test with a real Envoy; skipped where there is none. */
export function withTraffic(
  name: string,
  check: (bed: TrafficBed) => Promise<void>,
  options: Partial<FilesOptions> = {},
): void {
  Deno.test({
    name: `a real Envoy ${name}`,
    ignore: binary === undefined,
    fn: async () => {
      await using envoy = await EnvoyProcess.start(binary ?? "", options);
      await check(bedOf(envoy, options));
    },
  });
}

/** A backend of a spec at these places, called like the first of them. */
export function served(
  places: readonly Backend[],
  part: Partial<RouteBackend> = {},
): RouteBackend {
  return {
    name: places[0]?.name ?? "nobody",
    protocol: "http1",
    affinity: "none",
    endpoints: places.map(({ endpoint }) => endpoint),
    ...part,
  };
}

function bedOf(envoy: EnvoyProcess, options: Partial<FilesOptions>): TrafficBed {
  const port = unusedPort();
  const bed: TrafficBed = {
    envoy,
    port,
    serve: (rules, backends) => bed.load({ ports: [httpPort(rules, { port })], backends }),
    async load(part, expected) {
      const spec = {
        key: "kind/gateway/shop/gateway",
        addresses: ["127.0.0.1"],
        backends: [],
        certificates: [],
        authorities: [],
        ...part,
      };
      const refused = await envoy.load(spec, options);
      if (expected === undefined) assert.deepEqual(refused, []);
      else assert.ok(refused.every(({ text }) => text.startsWith(`${expected.mayRefuse}.`)));
    },
  };
  return bed;
}
