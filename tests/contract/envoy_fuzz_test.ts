import assert from "assert";
import fc from "fast-check";
import { planGateway } from "../../lib/gateway/mod.ts";
import { planIngress } from "../../lib/ingress/mod.ts";
import { configProblems } from "../../lib/planes/envoy/config/mod.ts";
import type { RouteSpec } from "../../lib/proxy/types.ts";
import { anyCrdInput } from "../fakes/crd_arbitraries.ts";
import { anyIngressInput } from "../fakes/ingress_arbitraries.ts";
import { ownLoopback } from "../fakes/own_loopback.ts";
import { envoyBinary } from "./envoy/envoy_binary.ts";
import { EnvoyProcess } from "./envoy/envoy_process.ts";
import { oddPairs } from "./envoy/odd_keys.ts";
import { onOwnPorts } from "./envoy/own_ports.ts";

// needs an Envoy: set BERTH_ENVOY, or run `deno task bed parts envoy` once
const binary = await envoyBinary();

/** The same in CI every time; by hand BERTH_FUZZ_SEED and BERTH_FUZZ_RUNS look further. */
const seed = Number(Deno.env.get("BERTH_FUZZ_SEED") ?? 20_260_102);
const numRuns = Number(Deno.env.get("BERTH_FUZZ_RUNS") ?? 120);

/** Listeners are made here, and nobody else uses it. */
const ADDRESS = ownLoopback(31);

async function stores() {
  return { secrets: await oddPairs(), addresses: [ADDRESS] };
}

/** Plans objects and loads what comes of it into the same Envoy, as a proxy lives through changes. */
function fuzz<T>(
  name: string,
  objects: (from: Awaited<ReturnType<typeof stores>>) => fc.Arbitrary<T>,
  plan: (input: T) => RouteSpec | undefined,
): void {
  Deno.test({
    name: `a real Envoy refuses nothing of ${name} (seed ${seed})`,
    ignore: binary === undefined,
    fn: async () => {
      const arbitrary = objects(await stores());
      await using proxy = new Proxy(binary ?? "");
      await fc.assert(
        fc.asyncProperty(arbitrary, async (input) => {
          const spec = plan(input);
          if (spec === undefined) return;
          // what cannot be served is told by the plan, not left out behind its back
          assert.deepEqual(configProblems(spec), []);
          await proxy.load(spec);
        }),
        { seed, numRuns },
      );
    },
  });
}

/** One Envoy for all specs; after a failure another one, so that smaller failures can be found. */
class Proxy implements AsyncDisposable {
  readonly #binary: string;
  #envoy: EnvoyProcess | undefined;

  constructor(binary: string) {
    this.#binary = binary;
  }

  async load(spec: RouteSpec): Promise<void> {
    const envoy = this.#envoy ?? await EnvoyProcess.start(this.#binary);
    this.#envoy = envoy;
    try {
      assert.deepEqual(await envoy.load(onOwnPorts(spec)), []);
    } catch (error) {
      await this[Symbol.asyncDispose]();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#envoy?.[Symbol.asyncDispose]();
    this.#envoy = undefined;
  }
}

fuzz("Gateways with routes of every kind", anyCrdInput, (input) => planGateway(input).spec);
fuzz("Ingresses", anyIngressInput, (input) => planIngress(input).spec);
