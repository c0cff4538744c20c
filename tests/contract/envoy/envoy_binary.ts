import { join } from "node:path";
import { exists, partDirectory } from "../../e2e/bed/cache.ts";
import { ENVOY_VERSION } from "../../e2e/bed/parts.ts";

/**
 * The real program: BERTH_ENVOY, else that of the test bed where it has one already; else
 * undefined, and tests with it are skipped.
 */
export async function envoyBinary(): Promise<string | undefined> {
  const chosen = Deno.env.get("BERTH_ENVOY");
  if (chosen) return chosen;
  const built = join(partDirectory(`envoy-${ENVOY_VERSION}`), "envoy");
  return await exists(built) ? built : undefined;
}
