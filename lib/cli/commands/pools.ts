import { poolsText } from "../pools_view.ts";
import type { CommandContext, PoolPorts } from "../ports.ts";

/**
 * `berth pools`: where addresses come from, how full that is, and who waits; exit code 1 when
 * something that was asked for could not be read, an entry of a pool too.
 */
export async function pools(context: CommandContext, ports: PoolPorts): Promise<number> {
  const { settings, streams, signal } = context;
  const overview = await ports.overview({ signal });
  const { problems } = overview;
  if (settings.output === "json") {
    streams.out(`${JSON.stringify(overview, undefined, 2)}\n`);
  } else {
    for (const problem of problems) streams.err(`error: ${problem}\n`);
    const { pools, pending, conflicts, outside } = overview;
    const some = [pools, pending, conflicts, outside].some((rows) => rows.length > 0);
    const origin = settings.kubeconfig === undefined ? "engine" : "ConfigMap";
    if (problems.length === 0 || some) streams.out(poolsText(overview, origin));
  }
  return problems.length === 0 ? 0 : 1;
}
