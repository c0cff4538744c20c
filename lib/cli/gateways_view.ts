import type {
  GatewayCluster,
  GatewayRow,
  OrphanRow,
  RouteRow,
  UnclassedRow,
} from "./gateway_rows.ts";
import { ingressLines, publishedLines } from "./ingress_view.ts";
import { age, type TextOptions } from "./status_view.ts";
import { type Column, textTable, wrap } from "./text_table.ts";

const COLUMNS: readonly Column[] = [
  { title: "GATEWAY", least: 16 },
  { title: "ADDRESS" },
  { title: "LISTENERS", least: 12 },
  { title: "CLASS", least: 8 },
  { title: "SINCE" },
  { title: "READY" },
];

/** Characters of the longest IPv4 address; a column for IPv6 would take half the line. */
const WIDEST_IPV4 = 15;

/** `berth status gateways` for people: each Gateway with its routes. */
export function gatewaysText(clusters: readonly GatewayCluster[], options: TextOptions): string {
  if (clusters.length === 0) return "no cluster found: create one with kind\n";
  return clusters.map((cluster) => clusterText(cluster, options)).join("\n");
}

function clusterText(cluster: GatewayCluster, { now, width }: TextOptions): string {
  const { error, gateways, unattached, unclassed, orphans, ingresses } = cluster;
  const title = `CLUSTER ${cluster.cluster}`;
  if (error !== undefined) return [title, ...wrap(error, "  ")].join("\n") + "\n";
  const empty = [gateways, unattached, unclassed, orphans, ingresses]
    .every(({ length }) => length === 0);
  if (empty) return `${title}\n  no Gateway and no Ingress\n`;
  const [head = "", ...lines] = textTable(COLUMNS, gateways.map((row) => cells(row, now)), width);
  const indent = " ".repeat(head.indexOf("ADDRESS"));
  const blocks = gateways.map((row, i) => [
    lines[i] ?? "",
    ...furtherAddresses(row).map((address) => indent + address),
    ...publishedLines(row.published),
    ...row.problems.flatMap((problem) => wrap(problem, "  ")),
    ...row.routes.flatMap(routeLines),
  ]);
  return [
    title,
    ...(gateways.length === 0 ? [] : [head]),
    ...blocks.flat(),
    ...unclassed.flatMap((row) => unservedLines("Gateway", row)),
    ...orphans.flatMap((row) => unservedLines("ListenerSet", row)),
    ...(unattached.length === 0 ? [] : ["ROUTES WITHOUT A GATEWAY"]),
    ...unattached.flatMap(routeLines),
    ...ingressLines(cluster),
  ].join("\n") + "\n";
}

function unservedLines(kind: string, row: UnclassedRow | OrphanRow): readonly string[] {
  const { namespace, name, problem } = row;
  return [...wrap(`${kind} ${namespace}/${name} (not served)`, ""), ...wrap(problem, "  ")];
}

function routeLines(route: RouteRow): readonly string[] {
  const { kind, namespace, name, hostnames, problems } = route;
  const hosts = hostnames.length === 0 ? "" : ` for ${hostnames.join(", ")}`;
  return [
    ...wrap(`${kind} ${namespace}/${name}${hosts}${stateText(route)}`, "  "),
    ...problems.flatMap((problem) => wrap(problem, "    ")),
  ];
}

function stateText({ served, noPods, fails, problems }: RouteRow): string {
  if (!served) return " (not served)";
  if (fails === true) return " (fails)";
  if (noPods === true) return " (no pods)";
  return problems.length === 0 ? "" : " (in part)";
}

function cells(row: GatewayRow, now: number): readonly string[] {
  const [first = "-"] = row.addresses;
  return [
    `${row.namespace}/${row.name}`,
    first.length > WIDEST_IPV4 ? "(below)" : first,
    [...new Set(row.listeners)].join(",") || "-",
    row.class,
    age(row.since, now),
    row.ready ? row.inPart === true ? "in part" : "yes" : "no",
  ];
}

/** Addresses that stand on lines of their own: all after the first, and long ones always. */
function furtherAddresses({ addresses }: GatewayRow): readonly string[] {
  return addresses.filter((address, i) => i > 0 || address.length > WIDEST_IPV4);
}
