import { poolsText } from "../pools_view.ts";
import type { CommandContext, PoolPorts } from "../ports.ts";

/** `berth pools`: the ranges that addresses come from, and how full they are. */
export async function pools(context: CommandContext, ports: PoolPorts): Promise<number> {
  const { settings, streams, signal } = context;
  const rows = await ports.pools({ signal });
  streams.out(
    settings.output === "json"
      ? `${JSON.stringify({ pools: rows }, undefined, 2)}\n`
      : poolsText(rows),
  );
  return 0;
}
