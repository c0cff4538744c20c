import type { Service } from "../kube/types.ts";
import { isServed, type ServiceRow, serviceRow } from "./service_row.ts";
import { type Column, textTable, wrap } from "./text_table.ts";

/** What is known of one cluster: its Services, or why they could not be read. */
export type ClusterReading =
  | {
    readonly cluster: string;
    readonly services: readonly Service[];
    /** It has Gateways or Ingresses, which another command shows. */
    readonly hasRoutes?: boolean;
    /** A berth serves it now; absent when nobody can tell. */
    readonly served?: boolean;
  }
  | { readonly cluster: string; readonly error: string };

/** One cluster of `berth status --output json`. */
export interface ClusterStatus {
  readonly cluster: string;
  /** Why the cluster could not be read. */
  readonly error?: string;
  /** A berth serves it now; absent when nobody can tell. */
  readonly served?: boolean;
  readonly services: readonly ServiceRow[];
  /** True with Gateways or Ingresses: `berth status gateways` shows them; else absent. */
  readonly hasRoutes?: true;
}

const COLUMNS: readonly Column[] = [
  { title: "NAME", least: 16 },
  { title: "ADDRESS" },
  { title: "PORTS", least: 8 },
  { title: "PLANE" },
  { title: "NODE", least: 8 },
  { title: "SINCE" },
  { title: "READY" },
];

/** Characters of the longest IPv4 address; a column for IPv6 would take half the line. */
const WIDEST_IPV4 = 15;

/** What is told of a Service that is served. */
const READY = {
  Served: "yes",
  NoPods: "no pods",
  SomePortsWithoutPods: "in part",
  SomePortsNotServed: "in part",
} as const;

/** Turns readings into rows, sorted by cluster, namespace and name. */
export function clusterStatuses(readings: readonly ClusterReading[]): readonly ClusterStatus[] {
  return readings
    .map((reading) =>
      "error" in reading ? { ...reading, services: [] } : {
        cluster: reading.cluster,
        ...(reading.served === undefined ? {} : { served: reading.served }),
        ...(reading.hasRoutes === true ? { hasRoutes: true as const } : {}),
        services: reading.services
          .filter(isServed)
          .map((service) => serviceRow(reading.cluster, service))
          .sort((a, b) => byText(a.namespace, b.namespace) || byText(a.name, b.name)),
      }
    )
    .sort((a, b) => byText(a.cluster, b.cluster));
}

/** For whom a text is laid out. */
export interface TextOptions {
  /** Milliseconds since 1970, for ages. */
  readonly now: number;
  /** Columns of the terminal; absent: 80. */
  readonly width?: number | undefined;
}

/** `berth status` for people: one block per cluster, errors below their row. */
export function statusText(statuses: readonly ClusterStatus[], options: TextOptions): string {
  if (statuses.length === 0) {
    return "no cluster found: create one with kind, or try berth dev\n";
  }
  const text = statuses.map((status) => clusterText(status, options)).join("\n");
  return statuses.some(({ hasRoutes }) => hasRoutes === true)
    ? `${text}\nGateways and Ingresses: berth status gateways\n`
    : text;
}

/** How long ago a moment was, in its largest unit: `45s`, `5m`, `3h`, `2d`. */
export function age(moment: string | undefined, now: number): string {
  const seconds = Math.floor((now - Date.parse(moment ?? "")) / 1000);
  if (Number.isNaN(seconds)) return "-";
  if (seconds < 120) return `${Math.max(seconds, 0)}s`;
  if (seconds < 7_200) return `${Math.floor(seconds / 60)}m`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3_600)}h`;
  return `${Math.floor(seconds / 86_400)}d`;
}

function clusterText(status: ClusterStatus, { now, width }: TextOptions): string {
  const { cluster, error, served, services } = status;
  const idle = served === false ? "\n  no berth serves this cluster: start berth run" : "";
  const title = `CLUSTER ${cluster}${idle}`;
  if (error !== undefined) return [title, ...wrap(error, "  ")].join("\n") + "\n";
  if (services.length === 0) return `${title}\n  no Service of type LoadBalancer\n`;
  const [head = "", ...lines] = textTable(COLUMNS, services.map((row) => cells(row, now)), width);
  const indent = " ".repeat(head.indexOf("ADDRESS"));
  const blocks = services.map((row, i) => [
    lines[i] ?? "",
    ...furtherAddresses(row).map((address) => indent + address),
    ...[row.lastError, row.remark].flatMap((text) => text === undefined ? [] : wrap(text, "  ")),
  ]);
  return [title, head, ...blocks.flat()].join("\n") + "\n";
}

function cells(row: ServiceRow, now: number): readonly string[] {
  const [first = "-"] = row.addresses;
  return [
    `${row.namespace}/${row.name}`,
    first.length > WIDEST_IPV4 ? "(below)" : first,
    row.ports.join(",") || "-",
    row.plane ?? "-",
    row.node ?? "-",
    age(row.since, now),
    row.ready ? READY[row.reason ?? "Served"] : "no",
  ];
}

/** Addresses that stand on lines of their own: all after the first, and long ones always. */
function furtherAddresses({ addresses }: ServiceRow): readonly string[] {
  return addresses.filter((address, i) => i > 0 || address.length > WIDEST_IPV4);
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
