import { getLogger } from "@logtape/logtape";
import { emptyView, type Ledger } from "../../addresses/mod.ts";
import type { CommitAnswer, Proposal } from "../../services/mod.ts";

const log = getLogger(["berth", "addresses"]);

const STRANGER = "somebody else on the network";

/** Where addresses are agreed on. */
export interface CommitPlace {
  readonly ledger: Ledger;
  /** Hardware address of whoever has an address on the network, if anybody. */
  holderOf?(address: string): Promise<string | undefined>;
}

/**
 * Gives addresses to a key, or says why not. What nobody in the ledger has may still be somebody's
 * (another berth's, a machine's): the network is asked before an address is used.
 */
export async function commitAddresses(
  { key, addresses, use }: Proposal,
  place: CommitPlace,
): Promise<CommitAnswer> {
  const { ledger } = place;
  await forgetStrangers(addresses, place);
  const fresh = addresses.filter((address) => !ledger.taken(address, ""));
  const result = ledger.commit(key, addresses, use);
  // only who was refused plans again
  if (!result.ok) return { result, view: ledger.view(key) };
  const strangers = await strangersAt(fresh, place);
  const [first] = strangers.keys();
  if (first === undefined) return { result, view: emptyView };
  for (const [address, mac] of strangers) {
    ledger.reserve(address, `${STRANGER} (${mac})`);
    log.warn("address is used by somebody else on the network", { service: key, address, mac });
  }
  const refusal = ledger.obstacle(first, { key, use }) ?? result;
  ledger.settle(key, ledger.held(key).filter((address) => !strangers.has(address)));
  return { result: refusal, view: ledger.view(key) };
}

/** Strangers come and go without a word: who asks for what one had, asks the network again. */
async function forgetStrangers(addresses: readonly string[], place: CommitPlace): Promise<void> {
  const { ledger } = place;
  const held = addresses.filter((address) => ledger.reservedBy(address)?.startsWith(STRANGER));
  const still = await strangersAt(held, place);
  for (const address of held) if (!still.has(address)) ledger.unreserve(address);
}

/** Those of the addresses that somebody has whom the ledger does not know: their hardware address. */
async function strangersAt(
  addresses: readonly string[],
  { holderOf }: CommitPlace,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  if (holderOf === undefined) return found;
  await Promise.all(addresses.map(async (address) => {
    const mac = await holderOf(address);
    if (mac !== undefined) found.set(address, mac);
  }));
  return found;
}
