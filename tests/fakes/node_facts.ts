import type { NodeFacts } from "../../lib/planes/kernel/types.ts";

/** Facts of a ready node whose addresses end in `number`. */
export function nodeFacts(
  name: string,
  { number = 2, ...part }: Partial<NodeFacts> & { readonly number?: number } = {},
): NodeFacts {
  return {
    name,
    health: "ready",
    device: "eth0",
    mac: `02:42:ac:12:00:0${number}`,
    addresses: { IPv4: `172.18.0.${number}`, IPv6: `fc00::${number}` },
    forwards: true,
    ...part,
  };
}
