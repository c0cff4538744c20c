import { AppError } from "../../core/mod.ts";
import { netdevTrial } from "./base_tables.ts";
import { entries, parseJson, read, readText } from "./json_read.ts";
import { TABLE } from "./names.ts";

/** What a probe of a node found out. */
export interface Probe {
  readonly device: string;
  readonly mac?: string;
  readonly ipv4?: string;
  readonly ipv6?: string;
  /** Single addresses (/32, /128) on the device: ours and perhaps others'. */
  readonly singles: readonly string[];
  readonly forwards: boolean;
  /** `nft -j list table` of our two tables, where they exist. */
  readonly tables: readonly string[];
}

/**
 * The probe's shell command; every line of output is `<word> <rest>`. The device is that of the
 * default route, or of the first route where there is none (internal networks).
 */
export function probeCommand(): string {
  return `
command -v nft >/dev/null || { echo 'missing nft'; exit 0; }
command -v ip >/dev/null || { echo 'missing ip'; exit 0; }
device=$(ip -o -4 route show default | sed -n 's/.* dev \\([^ ]*\\).*/\\1/p;q')
[ -n "$device" ] || device=$(ip -o -6 route show default | sed -n 's/.* dev \\([^ ]*\\).*/\\1/p;q')
[ -n "$device" ] || device=$(ip -o -4 route show | sed -n 's/.* dev \\([^ ]*\\).*/\\1/p;q')
echo "device $device"
echo "addresses $(ip -j address show dev "$device")"
problem=$(printf '%s' 'add table inet ${TABLE}_trial' | nft -c -f - 2>&1) || echo "refused $problem"
printf '${
    netdevTrial("%s").replaceAll("\n", "\\n")
  }' "$device" | nft -c -f - >/dev/null 2>&1 && echo 'forwards yes'
for family in inet netdev; do nft -j list table $family ${TABLE} 2>/dev/null | sed 's/^/table /'; done
true`;
}

/**
 * Reads what {@link probeCommand} printed.
 *
 * @throws AppError `invalid` when the node cannot serve (no nft, kernel refuses).
 */
export function readProbe(lines: readonly string[]): Probe {
  const said = (word: string) =>
    lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));
  const [missing] = said("missing");
  if (missing !== undefined) throw unfit(`there is no \`${missing}\` command`, "install it there");
  const [refused] = said("refused");
  if (refused !== undefined) {
    throw unfit(`it refuses nftables: ${refused}`, "load nf_tables and give it NET_ADMIN");
  }
  const [device = ""] = said("device");
  if (device === "") throw unfit("it has no route", "connect it to a network");
  const [addresses = "[]"] = said("addresses");
  return {
    device,
    ...readAddresses(addresses),
    forwards: said("forwards").length > 0,
    tables: said("table"),
  };
}

function readAddresses(text: string): Pick<Probe, "mac" | "ipv4" | "ipv6" | "singles"> {
  const [link] = entries(parseJson(text));
  const list = entries(read(link, "addr_info")).map((entry) => ({
    address: readText(entry, "local") ?? "",
    isSingle: read(entry, "prefixlen") === (readText(entry, "family") === "inet" ? 32 : 128),
    family: readText(entry, "family"),
    isGlobal: readText(entry, "scope") === "global",
  })).filter(({ isGlobal }) => isGlobal);
  const own = (family: string) =>
    list.find((entry) => entry.family === family && !entry.isSingle)?.address;
  const [mac, ipv4, ipv6] = [readText(link, "address"), own("inet"), own("inet6")];
  return {
    ...(mac === undefined ? {} : { mac }),
    ...(ipv4 === undefined ? {} : { ipv4 }),
    ...(ipv6 === undefined ? {} : { ipv6 }),
    singles: list.filter(({ isSingle }) => isSingle).map(({ address }) => address),
  };
}

function unfit(what: string, remedy: string): AppError {
  return new AppError(`${what}: ${remedy}, or choose another plane`, { kind: "invalid" });
}
