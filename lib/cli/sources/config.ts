import { inspectConfig, inspectProxies, summarize } from "../../planes/envoy/mod.ts";
import type { ConfigPorts } from "../ports.ts";
import { EngineSource, type SourceOptions } from "./engine.ts";

/** Reads what proxies run through the engine; a running berth is not needed. */
export async function configSource(options: SourceOptions): Promise<ConfigPorts & AsyncDisposable> {
  const source = await EngineSource.open(options);
  const { engine } = source;
  const { clusters } = options.settings;
  return {
    proxies: async () =>
      (await inspectProxies(engine)).filter(({ cluster }) =>
        clusters.length === 0 || clusters.includes(cluster)
      ),
    async config(name) {
      const { facts, dump } = await inspectConfig(engine, name);
      return { proxy: facts, dump, summary: () => summarize(dump) };
    },
    [Symbol.asyncDispose]: () => source[Symbol.asyncDispose](),
  };
}
