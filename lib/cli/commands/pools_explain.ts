import { explainPools } from "../../addresses/mod.ts";
import { parsePoolConfig } from "../../pools/mod.ts";
import { AppError } from "../../core/mod.ts";
import { ipamView } from "../ipam_view.ts";
import { explanationsText } from "../pools_explain_view.ts";
import type { CommandContext, PoolExplainPorts } from "../ports.ts";

/**
 * `berth pools explain`: which address each Service would get, and why; exit code 1 when one gets
 * none, or when an entry of a pool cannot be read. With `--service` that Service counts alone.
 */
export async function poolsExplain(
  { settings, streams, signal }: CommandContext,
  ports: PoolExplainPorts,
): Promise<number> {
  const objects = await ports.objects({ signal });
  const { config, problems } = parsePoolConfig(objects.data);
  const all = explainPools({
    config,
    services: objects.services,
    namespaceLabels: objects.namespaceLabels,
    reserved: objects.reserved,
    ...ipamView(settings),
  });
  const rows = chosen(all, settings.service);
  const told = [...objects.problems, ...problems];
  for (const { severity, message } of told) {
    streams.err(`${severity}: ${message}\n`);
  }
  for (const { service, warnings } of rows) {
    for (const warning of warnings) streams.err(`warning: ${service}: ${warning}\n`);
  }
  streams.out(
    settings.output === "json"
      ? `${
        JSON.stringify(
          rows.map(({ service, addresses, pool, reason }) => ({
            service,
            addresses,
            pool: pool ?? null,
            reason,
          })),
          undefined,
          2,
        )
      }\n`
      : explanationsText(rows),
  );
  const broken = settings.service === undefined &&
    told.some(({ severity }) => severity === "error");
  return broken || rows.some(({ ok }) => !ok) ? 1 : 0;
}

function chosen<T extends { readonly service: string }>(
  rows: readonly T[],
  wanted: string | undefined,
): readonly T[] {
  if (wanted === undefined) return rows;
  const key = wanted.includes("/") ? wanted : `default/${wanted}`;
  const found = rows.filter(({ service }) => service === key);
  if (found.length > 0) return found;
  throw new AppError(
    `there is no Service ${key} of type LoadBalancer: write --service NAMESPACE/NAME`,
    { kind: "not-found" },
  );
}
