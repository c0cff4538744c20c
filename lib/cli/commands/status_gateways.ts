import { gatewayClusters } from "../gateway_rows.ts";
import { gatewaysText } from "../gateways_view.ts";
import type { CommandContext, GatewayPorts } from "../ports.ts";

/** `berth status gateways`: exit code 1 when no chosen cluster could be read. */
export async function statusGateways(
  { settings, streams, signal }: CommandContext,
  ports: GatewayPorts,
): Promise<number> {
  const clusters = gatewayClusters(await ports.gateways({ signal }));
  streams.out(
    settings.output === "json"
      ? `${JSON.stringify({ clusters }, undefined, 2)}\n`
      : gatewaysText(clusters, { now: ports.now(), width: streams.width }),
  );
  return clusters.length > 0 && clusters.every(({ error }) => error !== undefined) ? 1 : 0;
}
