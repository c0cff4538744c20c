import { getLogger } from "@logtape/logtape";
import { errorText, UsageError } from "../../core/mod.ts";
import type { Settings } from "../options.ts";

const log = getLogger(["berth", "run"]);

/**
 * Where logs of proxies are kept, made where it is absent; undefined when nobody asked for logs.
 *
 * @throws UsageError when nothing can be written there.
 */
export async function logsDirectory(
  { enableLogDumping, logsDir, stateDir }: Settings,
): Promise<string | undefined> {
  if (!enableLogDumping) {
    if (logsDir !== undefined) log.warn("--logs-dir has no effect without --enable-log-dumping");
    return undefined;
  }
  const directory = logsDir ?? `${stateDir}/logs`;
  try {
    await Deno.mkdir(directory, { recursive: true });
    // what the mode allows shows only when something is written
    await Deno.remove(await Deno.makeTempFile({ dir: directory, prefix: ".berth-" }));
    return directory;
  } catch (cause) {
    const message = `--enable-log-dumping cannot write to ${directory}: ${errorText(cause)}` +
      " (--logs-dir names another directory)";
    throw new UsageError(message, cause);
  }
}
