import { getLogger } from "@logtape/logtape";
import type { OptionName } from "../options.ts";
import type { CommandContext, ServePorts } from "../ports.ts";
import { plannedNotice } from "../settings.ts";

/** The long-running commands: serve until told to stop; being told to stop is success. */
export async function serve(
  context: CommandContext,
  options: {
    readonly ports: ServePorts;
    readonly given: readonly OptionName[];
    readonly ignored?: readonly string[];
  },
): Promise<number> {
  const notice = plannedNotice(options.given);
  const log = getLogger(["berth", "cli"]);
  if (notice !== undefined) log.warn(notice);
  const { ignored = [] } = options;
  if (ignored.length > 0) log.info("flags without a meaning here", { flags: ignored.join(" ") });
  const { settings, signal } = context;
  try {
    await options.ports.serve(settings, { signal });
  } catch (error) {
    // a wait that the signal cut short is the way out, not a failure
    if (!signal.aborted) throw error;
  }
  return 0;
}
