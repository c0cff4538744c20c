/** Puts Pods behind their node: addresses, veth pairs and routes, as kind's own network does. */
import { run } from "../shell.ts";
import type { NodeState } from "./types.ts";

/** Hands out a node's Pod addresses in turn, so that a freed one rests before its next use. */
export class AddressTurn {
  readonly #used = new Set<number>();
  #last = 1;

  /** The next free host number of a /24 (or larger) range. */
  take(): number {
    for (let step = 0; step < 253; step++) {
      this.#last = this.#last >= 254 ? 2 : this.#last + 1;
      if (!this.#used.has(this.#last)) {
        this.#used.add(this.#last);
        return this.#last;
      }
    }
    throw new Error("the node has no free Pod address");
  }

  /** Gives a number back. */
  give(number: number): void {
    this.#used.delete(number);
  }
}

/** The address with this host number in a node's Pod range. */
export function addressIn(range: string, number: number): string {
  const base = range.split("/")[0] ?? "";
  return base.includes(":")
    ? `${base}${number.toString(16)}`
    : base.replace(/\d+$/, String(number));
}

/** Connects a Pod's network namespace with its node's. */
export async function attachPod(
  node: NodeState,
  podPid: number,
  options: { readonly link: string; readonly addresses: readonly string[] },
): Promise<void> {
  const { link, addresses } = options;
  const ends = ["netns", String(node.pid), "type", "veth", "peer", "name", "eth0"];
  await run(["ip", "link", "add", link, ...ends, "netns", String(podPid)]);
  const nodeSide = [`link set ${link} up`];
  const podSide = ["link set lo up", "link set eth0 up"];
  for (const [at, range] of node.podRanges.entries()) {
    const address = addresses[at];
    if (address === undefined) continue;
    const gateway = addressIn(range, 1);
    const [length, quick] = range.includes(":") ? [128, " nodad"] : [32, ""];
    nodeSide.push(
      `addr add ${gateway}/${length} dev ${link}${quick}`,
      `route replace ${address}/${length} dev ${link}`,
    );
    podSide.push(
      `addr add ${address}/${length} dev eth0${quick}`,
      `route replace ${gateway}/${length} dev eth0`,
      `route replace default via ${gateway} dev eth0`,
    );
  }
  await Promise.all([ipBatch(node.pid, nodeSide), ipBatch(podPid, podSide)]);
}

/** Routes to the other nodes' Pods, and masquerade for what leaves the Pod network. */
export async function wireNode(
  node: NodeState,
  others: readonly NodeState[],
  clusterRanges: readonly string[],
): Promise<void> {
  const routes = others.flatMap((other) =>
    other.podRanges.flatMap((range) => {
      const via = other.addresses.find((one) => one.includes(":") === range.includes(":"));
      return via === undefined ? [] : [`route replace ${range} via ${via}`];
    })
  );
  await ipBatch(node.pid, routes);
  const rules = node.podRanges.map((range) => {
    const family = range.includes(":") ? "ip6" : "ip";
    const all = clusterRanges.find((one) => one.includes(":") === range.includes(":"));
    return `    ${family} saddr ${range} ${family} daddr != ${all} oifname "eth0" masquerade`;
  });
  const table = [
    "table inet bed-masquerade",
    "delete table inet bed-masquerade",
    "table inet bed-masquerade {",
    "  chain post {",
    "    type nat hook postrouting priority srcnat",
    ...rules,
    "  }",
    "}",
  ].join("\n");
  await inNetwork(node.pid, ["nft", "-f", "-"], `${table}\n`);
}

async function ipBatch(pid: number, lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return;
  await inNetwork(pid, ["ip", "-batch", "-"], lines.map((line) => `${line}\n`).join(""));
}

async function inNetwork(pid: number, command: readonly string[], input: string): Promise<void> {
  await run(["nsenter", "-t", String(pid), "-n", ...command], { input });
}
