import { getLogger } from "@logtape/logtape";
import type { OptionName } from "../options.ts";
import type { CommandContext, ServePorts } from "../ports.ts";
import { plannedNotice } from "../settings.ts";

/** `berth run` and `berth dev`: serve until told to stop; being told to stop is success. */
export async function serve(
  context: CommandContext,
  options: { readonly ports: ServePorts; readonly given: readonly OptionName[] },
): Promise<number> {
  const notice = plannedNotice(options.given);
  if (notice !== undefined) getLogger(["berth", "cli"]).warn(notice);
  const { settings, signal } = context;
  try {
    await options.ports.serve(settings, { signal });
  } catch (error) {
    // a wait that the signal cut short is the way out, not a failure
    if (!signal.aborted) throw error;
  }
  return 0;
}
