import type { PoolExplainPorts } from "../ports.ts";
import type { SourceOptions } from "./engine.ts";
import { type GivenFiles, givenTexts } from "./given_files.ts";
import { type PoolObjects, poolObjects } from "./pool_files.ts";

/** Reads what `berth pools explain` explains: files, or a live cluster. */
export function explainSource(
  options: SourceOptions,
  stdin: Pick<GivenFiles, "stdin"> = {},
): PoolExplainPorts {
  const { files, poolNamespace: namespace, poolConfigMap: name } = options.settings;
  return {
    async objects({ signal }): Promise<PoolObjects> {
      if (files.length > 0) {
        const texts = await givenTexts({ files, command: "pools explain", ...stdin });
        return poolObjects(texts, { namespace, name });
      }
      // only now: the Kubernetes client wants permissions that files do not need
      const { livePoolObjects } = await import("./live_pools.ts");
      return await livePoolObjects(options, signal);
    },
  };
}
