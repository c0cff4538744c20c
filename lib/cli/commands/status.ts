import type { CommandContext, StatusPorts } from "../ports.ts";
import { clusterStatuses, statusText } from "../status_view.ts";

/** `berth status`: one table per cluster; exit code 1 when no chosen cluster could be read. */
export async function status(context: CommandContext, ports: StatusPorts): Promise<number> {
  const { settings, streams, signal } = context;
  const statuses = clusterStatuses(await ports.readings({ signal }));
  streams.out(
    settings.output === "json"
      ? `${JSON.stringify({ clusters: statuses }, undefined, 2)}\n`
      : statusText(statuses, { now: ports.now(), width: streams.width }),
  );
  return statuses.length > 0 && statuses.every(({ error }) => error !== undefined) ? 1 : 0;
}
