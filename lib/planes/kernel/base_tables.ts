import { MOVED_MS } from "./moved_slots.ts";
import { MASQUERADE_MARK, TABLE } from "./names.ts";

/** What the node's own tables need besides listeners. */
export interface BaseOptions {
  /** Interface towards the clients. */
  readonly device: string;
  /** The kernel has `fwd`: without it there is no `netdev` table. */
  readonly forwards: boolean;
  /** Hardware addresses of the other nodes: what they send was spread already. */
  readonly peers: readonly string[];
}

const KEY4 = "ipv4_addr . inet_proto . inet_service";
const KEY6 = "ipv6_addr . inet_proto . inet_service";
const FLOW4 = "ipv4_addr . inet_service . ipv4_addr . inet_service";
const FLOW6 = "ipv6_addr . inet_service . ipv6_addr . inet_service";
/** Flows that began after their slot moved; when it is full, more of them go the old way. */
const FRESH = `size 262144; flags dynamic,timeout; timeout ${MOVED_MS / 1_000}s;`;
const PORTS4 = "ip daddr . meta l4proto . th dport vmap";
const PORTS6 = "ip6 daddr . meta l4proto . th dport vmap";

/**
 * Commands that make both tables' fixed part what it must be, from whatever is there: safe while
 * traffic flows, since one transaction empties and refills the chains.
 *
 * Priorities (kernel `enum nf_ip_hook_priorities`): the guard comes after connection tracking (-200)
 * and before any NAT, so that nobody's NodePorts answer on our addresses; NAT comes before
 * kube-proxy's (-100 and 100).
 */
export function baseTables(options: BaseOptions): string {
  const inet = [...INET_MAPS, ...chains("inet", INET_CHAINS)];
  const netdev = options.forwards ? netdevBase(options) : [];
  return [`add table inet ${TABLE}`, ...inet, ...netdev, ""].join("\n");
}

/** Removes both tables, whether they are there or not. */
export function deleteTables(): string {
  return ["inet", "netdev"].map((family) =>
    `add table ${family} ${TABLE}\ndelete table ${family} ${TABLE}\n`
  ).join("");
}

const INET_MAPS = [
  `add map inet ${TABLE} serve4 { type ${KEY4} : verdict; }`,
  `add map inet ${TABLE} serve6 { type ${KEY6} : verdict; }`,
  `add map inet ${TABLE} guard4 { type ${KEY4} : verdict; }`,
  `add map inet ${TABLE} guard6 { type ${KEY6} : verdict; }`,
  `add set inet ${TABLE} addresses4 { type ipv4_addr; }`,
  `add set inet ${TABLE} addresses6 { type ipv6_addr; }`,
];

interface Chain {
  readonly name: string;
  readonly hook?: string;
  readonly rules: readonly string[];
}

const SERVE = [`${PORTS4} @serve4`, `${PORTS6} @serve6`];

const INET_CHAINS: readonly Chain[] = [
  {
    name: "refuse",
    rules: [
      "meta l4proto tcp reject with tcp reset",
      "reject with icmpx type port-unreachable",
    ],
  },
  { name: "unknown", rules: ["meta l4proto { icmp, ipv6-icmp } accept", "goto refuse"] },
  {
    name: "guard",
    hook: "type filter hook prerouting priority -150",
    rules: [
      "ct state established,related accept",
      `${PORTS4} @guard4`,
      `${PORTS6} @guard6`,
      "ip daddr @addresses4 goto unknown",
      "ip6 daddr @addresses6 goto unknown",
    ],
  },
  { name: "enter", hook: "type nat hook prerouting priority -110", rules: SERVE },
  {
    name: "local",
    hook: "type nat hook output priority -110",
    rules: [
      `ip daddr @addresses4 meta mark set meta mark | ${MASQUERADE_MARK}`,
      `ip6 daddr @addresses6 meta mark set meta mark | ${MASQUERADE_MARK}`,
      ...SERVE,
    ],
  },
  {
    name: "leave",
    hook: "type nat hook postrouting priority 90",
    rules: [`meta mark & ${MASQUERADE_MARK} == ${MASQUERADE_MARK} masquerade`],
  },
];

function netdevBase({ device, peers }: BaseOptions): readonly string[] {
  const ingress: Chain = {
    name: "ingress",
    hook: `type filter hook ingress device "${device}" priority 0`,
    rules: [
      "ether saddr @peers accept",
      // later fragments carry no ports: all of them go up, are put together and masqueraded
      "ip frag-off & 0x3fff != 0 accept",
      `${PORTS4} @spread4`,
      "exthdr frag exists accept",
      `${PORTS6} @spread6`,
    ],
  };
  return [
    `add table netdev ${TABLE}`,
    `add map netdev ${TABLE} spread4 { type ${KEY4} : verdict; }`,
    `add map netdev ${TABLE} spread6 { type ${KEY6} : verdict; }`,
    `add set netdev ${TABLE} fresh4 { type ${FLOW4}; ${FRESH} }`,
    `add set netdev ${TABLE} fresh6 { type ${FLOW6}; ${FRESH} }`,
    `add set netdev ${TABLE} peers { type ether_addr; }`,
    `flush set netdev ${TABLE} peers`,
    ...(peers.length > 0
      ? [`add element netdev ${TABLE} peers { ${[...peers].sort().join(", ")} }`]
      : []),
    ...chains("netdev", [ingress]),
  ];
}

/** All chains exist before any rule, since rules name chains. */
function chains(family: string, list: readonly Chain[]): readonly string[] {
  return [
    ...list.map(({ name, hook }) =>
      `add chain ${family} ${TABLE} ${name}` +
      (hook === undefined ? "" : ` { ${hook}; policy accept; }`)
    ),
    ...list.flatMap(({ name, rules }) => [
      `flush chain ${family} ${TABLE} ${name}`,
      ...rules.map((rule) => `add rule ${family} ${TABLE} ${name} ${rule}`),
    ]),
  ];
}

/** A table that loads only where the kernel can forward at ingress. */
export function netdevTrial(device: string): string {
  return [
    `table netdev ${TABLE}_trial {`,
    `chain trial { type filter hook ingress device "${device}" priority 0; policy accept;`,
    `ip daddr 192.0.2.1 fwd ip to 192.0.2.2 device "${device}"`,
    "}",
    "}",
    "",
  ].join("\n");
}
