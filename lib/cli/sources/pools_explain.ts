import { AppError } from "../../core/mod.ts";
import type { PoolExplainPorts } from "../ports.ts";
import type { SourceOptions } from "./engine.ts";
import { type PoolObjects, poolObjects } from "./pool_files.ts";

/** Reads what `berth pools explain` explains: files, or a live cluster. */
export function explainSource(options: SourceOptions): PoolExplainPorts {
  const { files, poolNamespace: namespace, poolConfigMap: name } = options.settings;
  return {
    async objects({ signal }): Promise<PoolObjects> {
      if (files.length > 0) {
        return poolObjects(await Promise.all(files.map(readFile)), { namespace, name });
      }
      // only now: the Kubernetes client wants permissions that files do not need
      const { livePoolObjects } = await import("./live_pools.ts");
      return await livePoolObjects(options, signal);
    },
  };
}

async function readFile(name: string) {
  try {
    return { name, text: await Deno.readTextFile(name) };
  } catch (cause) {
    if (cause instanceof Deno.errors.NotCapable) {
      const line = `deno run --allow-read=${name} main.ts pools explain -f ${name}`;
      throw new AppError(`berth may not read ${name}: use ${line}`, { kind: "forbidden" });
    }
    throw new AppError(`cannot read ${name}: give a readable file to --file`, {
      kind: "invalid",
      cause,
    });
  }
}
