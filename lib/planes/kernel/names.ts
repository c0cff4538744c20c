import { AppError } from "../../core/mod.ts";
import type { Listener, Protocol } from "../../proxy/types.ts";

/** Name of both our tables (`inet berth`, `netdev berth`): whatever is in them is ours. */
export const TABLE = "berth";

/** Packet mark (one bit, unused by kube-proxy and the usual CNIs) that asks for masquerade. */
export const MASQUERADE_MARK = "0x2000";

/** Seed of the spreading hash: the same everywhere and for ever, or flows would break. */
export const HASH_SEED = "0xbe57";

/** First letter of a listener's chains. */
export type ChainKind = "serve" | "ranges" | "spread" | "moved";

/** A listener's identity, as its chains carry it. */
export interface ListenerName {
  readonly key: string;
  readonly address: string;
  readonly protocol: Protocol;
  readonly port: number;
}

const KEY_REGEXP = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(\/[a-z0-9]([a-z0-9.-]*[a-z0-9])?){2}$/;
const CHAIN_REGEXP =
  /^(serve|ranges|spread|moved)\/([^/]+\/[^/]+\/[^/]+)\/([0-9a-f._]+)\/(tcp|udp|sctp)\/(\d+)$/;
/** The kernel takes 255; `ranges/` and the listener's own part need the rest. */
const KEY_LENGTH = 190;

/**
 * `<key>/<address>/<protocol>/<port>`; colons become underscores, which nftables allows in names.
 *
 * @throws AppError `invalid` when the key cannot be part of a chain's name.
 */
export function listenerId(key: string, listener: Listener): string {
  if (!KEY_REGEXP.test(key) || key.length > KEY_LENGTH) {
    throw new AppError(
      `key "${key}" cannot name nftables chains: use lower-case letters, digits, dots and dashes, ` +
        `at most ${KEY_LENGTH} in all`,
      { kind: "invalid" },
    );
  }
  const address = listener.address.replaceAll(":", "_");
  return `${key}/${address}/${listener.protocol.toLowerCase()}/${listener.port}`;
}

/** Full name of one of a listener's chains. */
export function chainName(kind: ChainKind, id: string): string {
  return `${kind}/${id}`;
}

/** Reads a chain's name back; undefined for chains that belong to no listener. */
export function parseChainName(
  name: string,
): { readonly kind: ChainKind; readonly id: string } | undefined {
  const match = CHAIN_REGEXP.exec(name);
  if (match === null) return undefined;
  const kind = KINDS.find((one) => one === match[1]);
  return kind === undefined ? undefined : { kind, id: name.slice(kind.length + 1) };
}

/** Reads a listener's id back; undefined when it is none. */
export function parseListenerId(id: string): ListenerName | undefined {
  const match = CHAIN_REGEXP.exec(`serve/${id}`);
  const [key, address, protocol, port] = match?.slice(2) ?? [];
  const known = PROTOCOLS.find((name) => name.toLowerCase() === protocol);
  if (key === undefined || address === undefined || known === undefined) return undefined;
  return { key, address: address.replaceAll("_", ":"), protocol: known, port: Number(port) };
}

const KINDS: readonly ChainKind[] = ["serve", "ranges", "spread", "moved"];
const PROTOCOLS: readonly Protocol[] = ["TCP", "UDP", "SCTP"];
