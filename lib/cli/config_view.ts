import type { ProxySummary, ServeSummary } from "../planes/envoy/mod.ts";
import { publishedLines } from "./ingress_view.ts";
import type { ProxyRow } from "./ports.ts";
import { type Column, textTable, wrap } from "./text_table.ts";

const BACKENDS: readonly Column[] = [
  { title: "BACKEND", least: 16 },
  { title: "ENDPOINT" },
  { title: "HEALTH" },
];

/** A proxy and what it runs. */
export interface ConfigReading {
  /** The proxy as the person called it. */
  readonly name: string;
  readonly proxy: ProxyRow;
  readonly summary: ProxySummary;
  /** Columns of the terminal; absent: 80. */
  readonly width?: number | undefined;
}

/** `berth config NAME` for people: whom it serves, ports, backends, endpoints. */
export function configText({ name, proxy, summary, width }: ConfigReading): string {
  const { cluster, addresses, published } = proxy;
  const { listeners, backends, refused } = summary;
  return [
    ...wrap(`PROXY ${proxy.name}`, ""),
    ...wrap(`serves ${served(proxy)} of cluster ${cluster}`, "  "),
    ...wrap(`addresses: ${addresses.join(", ") || "none"}`, "  "),
    ...(published.length === 0 ? [] : publishedLines(published)),
    "LISTENERS",
    ...listeners.flatMap(({ address, protocol, port, serves }) => [
      `  ${address} ${protocol}/${port}`,
      ...serves.flatMap(serveLines),
    ]),
    ...(listeners.length === 0 ? ["  none"] : []),
    ...(backends.length === 0 ? [] : textTable(BACKENDS, backends.flatMap(backendRows), width)),
    ...refused.flatMap(({ name, at, message }) => [
      ...wrap(`REFUSED ${name}${at === undefined ? "" : ` at ${at}`}`, ""),
      ...wrap(message, "  "),
    ]),
    ...wrap(`all that Envoy tells: berth config ${name} --output json`, ""),
  ].join("\n") + "\n";
}

function served({ cluster, key }: ProxyRow): string {
  const [, isPublication, rest = ""] = /^(published )?(.*)$/.exec(key) ?? [];
  const own = rest.slice(cluster.length + 1);
  const [kind = "", ...name] = own.split("/");
  const what = own === "ingress"
    ? "the Ingresses"
    : kind === "gateway" && name.length === 2
    ? `Gateway ${name.join("/")}`
    : `Service ${own}`;
  return isPublication === undefined ? what : `the host ports of ${what}`;
}

function serveLines({ what, hosts, backends }: ServeSummary): readonly string[] {
  return [
    ...wrap(hosts.length === 0 ? what : `${what} for ${hosts.join(", ")}`, "    "),
    ...wrap(backends.join(", ") || "no backend", "      "),
  ];
}

function backendRows(
  { name, endpoints }: ProxySummary["backends"][number],
): readonly (readonly string[])[] {
  if (endpoints.length === 0) return [[name, "none", "-"]];
  return endpoints.map(({ address, health }, i) => [i === 0 ? name : "", address, health]);
}
