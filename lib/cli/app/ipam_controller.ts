import type { Settings } from "../options.ts";
import type { Duty } from "./replica.ts";

/** Gives addresses while this replica leads. */
export async function serveReplicaOfIpam(_settings: Settings, duty: Duty): Promise<void> {
  await new Promise((resolve) => duty.signal.addEventListener("abort", resolve));
}
