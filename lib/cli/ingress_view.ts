import type { GatewayCluster } from "./gateway_rows.ts";
import type { IngressRow } from "./ingress_rows.ts";
import { wrap } from "./text_table.ts";

/** The block of a cluster's Ingresses; no line when it has none. */
export function ingressLines({ ingresses, ingressPublished }: IngressBlock): readonly string[] {
  if (ingresses.length === 0) return [];
  const addresses = [...new Set(ingresses.flatMap(({ addresses }) => addresses))];
  return [
    `INGRESSES  ${addresses.join(", ") || "-"}`,
    ...publishedLines(ingressPublished),
    ...ingresses.flatMap(rowLines),
  ];
}

/** Where the host has the ports of a proxy. */
export function publishedLines(ports: readonly string[] | undefined): readonly string[] {
  return ports === undefined ? [] : wrap(`on the host: ${ports.join(", ")}`, "  ");
}

type IngressBlock = Pick<GatewayCluster, "ingresses" | "ingressPublished">;

function rowLines({ namespace, name, hosts, problems }: IngressRow): readonly string[] {
  const hostsText = hosts.length === 0 ? "" : ` for ${hosts.join(", ")}`;
  return [
    ...wrap(`${namespace}/${name}${hostsText}`, "  "),
    ...problems.flatMap((problem) => wrap(problem, "    ")),
  ];
}
