/** An address as family and number. */
export interface IpAddress {
  readonly family: "IPv4" | "IPv6";
  readonly value: bigint;
}

/** A network; `base` has all host bits zero. */
export interface IpNetwork {
  readonly family: IpAddress["family"];
  readonly base: bigint;
  readonly prefix: number;
}

const BITS = { IPv4: 32, IPv6: 128 } as const;

function parseV4(text: string): bigint | undefined {
  const parts = text.split(".");
  if (parts.length !== 4) return undefined;
  let value = 0n;
  for (const part of parts) {
    if (!/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return undefined;
    value = (value << 8n) | BigInt(part);
  }
  return value;
}

/** Groups of one side of `::`; a dotted quad counts as two. */
function groups(text: string): readonly bigint[] | undefined {
  if (text === "") return [];
  const parts = text.split(":");
  const result: bigint[] = [];
  for (const [i, part] of parts.entries()) {
    const quad = i === parts.length - 1 && part.includes(".") ? parseV4(part) : undefined;
    if (quad !== undefined) result.push(quad >> 16n, quad & 0xffffn);
    else if (/^[0-9a-fA-F]{1,4}$/.test(part)) result.push(BigInt(`0x${part}`));
    else return undefined;
  }
  return result;
}

function parseV6(text: string): bigint | undefined {
  const sides = text.split("::");
  if (sides.length > 2) return undefined;
  const head = groups(sides[0] ?? "");
  const tail = groups(sides[1] ?? "");
  if (!head || !tail) return undefined;
  const missing = 8 - head.length - tail.length;
  if (sides.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const all = [...head, ...Array<bigint>(missing).fill(0n), ...tail];
  return all.reduce((value, group) => (value << 16n) | group, 0n);
}

/** Reads an IPv4 or IPv6 address; undefined when it is neither. */
export function parseIp(text: string): IpAddress | undefined {
  const value = text.includes(":") ? parseV6(text) : parseV4(text);
  if (value === undefined) return undefined;
  return { family: text.includes(":") ? "IPv6" : "IPv4", value };
}

/** Reads a network in prefix notation; host bits are cleared. */
export function parseNetwork(text: string): IpNetwork | undefined {
  const [address, length, ...rest] = text.split("/");
  const ip = parseIp(address ?? "");
  if (!ip || rest.length > 0 || !/^(0|[1-9]\d{0,2})$/.test(length ?? "")) return undefined;
  const prefix = Number(length);
  if (prefix > BITS[ip.family]) return undefined;
  const host = BigInt(BITS[ip.family] - prefix);
  return { family: ip.family, base: (ip.value >> host) << host, prefix };
}

/** How many addresses a network has. */
export function networkSize({ family, prefix }: IpNetwork): bigint {
  return 1n << BigInt(BITS[family] - prefix);
}

/** True when the address lies in the network. */
export function networkHolds(network: IpNetwork, ip: IpAddress): boolean {
  if (ip.family !== network.family) return false;
  return ip.value >= network.base && ip.value < network.base + networkSize(network);
}

/** The shortest text of an address (RFC 5952 for IPv6). */
export function formatIp({ family, value }: IpAddress): string {
  if (family === "IPv4") {
    return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join(".");
  }
  const parts = Array.from({ length: 8 }, (_, i) => (value >> BigInt(112 - 16 * i)) & 0xffffn);
  const text = parts.map((part) => part.toString(16)).join(":");
  const runs = [...text.matchAll(/(?:^|:)(0(?::0)+)(?=:|$)/g)];
  const longest = runs.reduce((best, run) => (run[0].length > best.length ? run[0] : best), "");
  if (longest === "") return text;
  return text.replace(longest, "::").replace(/:{3,}/, "::");
}
