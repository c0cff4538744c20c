import { getLogger } from "@logtape/logtape";
import type { CommandContext, ServePorts } from "../ports.ts";

/** The long-running commands: serve until told to stop; being told to stop is success. */
export async function serve(
  context: CommandContext,
  options: { readonly ports: ServePorts; readonly ignored?: readonly string[] },
): Promise<number> {
  const { ignored = [] } = options;
  if (ignored.length > 0) {
    getLogger(["berth", "cli"]).info("flags without a meaning here", { flags: ignored.join(" ") });
  }
  const { settings, signal } = context;
  try {
    await options.ports.serve(settings, { signal });
  } catch (error) {
    // a wait that the signal cut short is the way out, not a failure
    if (!signal.aborted) throw error;
  }
  return 0;
}
