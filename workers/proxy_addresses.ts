import { offersFamily } from "../lib/addresses/mod.ts";
import type { AddressView, JobNode } from "../lib/dispatch/types.ts";
import { canonicalAddress, tryParseAddress } from "../lib/net/mod.ts";
import type { IpFamily, RouteSpec } from "../lib/proxy/types.ts";
import type { CommitAnswer, Proposal } from "../lib/services/mod.ts";

/** What {@link agreeOnAddresses} needs. */
export interface AddressTalk {
  readonly job: { readonly key: string; readonly view: AddressView };
  /** `spec.addresses` of a Gateway. */
  readonly entries: readonly { readonly type?: string; readonly value?: string }[];
  /** Planned without addresses: tells the ports. */
  readonly spec: RouteSpec;
  readonly nodes: readonly JobNode[];
  commit(proposal: Proposal): Promise<CommitAnswer>;
}

/** What came of it. */
export interface AgreedAddresses {
  /** Canonical text, as the ledger holds them for the Gateway. */
  readonly addresses: readonly string[];
  /** Values of spec.addresses that cannot be had, with the reason. */
  readonly unusable: Readonly<Record<string, string>>;
  /** Addresses of spec.addresses that somebody has: they may come free. */
  readonly taken: readonly string[];
  /** Present: a family got no address at all. */
  readonly shortage?: string;
}

/** Lost races in a row after which a job gives up and is tried again later. */
const commitTries = 8;

/**
 * Takes what spec.addresses asks for by value; one free address of each other family that is
 * wanted. A value that is refused costs none of the others.
 */
export async function agreeOnAddresses(talk: AddressTalk): Promise<AgreedAddresses> {
  const { entries, nodes } = talk;
  const wanted = await takeRequested(talk);
  const asked = entries.filter(({ value }) => value !== undefined && value !== "");
  const able = offered(talk.job.view, familiesOf(nodes));
  const families = asked.length === 0
    ? able
    : asked.length < entries.length
    ? able.filter((family) => !has(wanted.addresses, family))
    : [];
  const addresses = [...wanted.addresses];
  for (const family of families) {
    const address = await takeFree(talk, family);
    if (address === undefined) {
      const shortage = `no free ${family} address is left: delete a Gateway or a LoadBalancer ` +
        `Service, or give the network an ${family} subnet with room`;
      return { ...wanted, addresses, shortage };
    }
    addresses.push(address);
  }
  return { ...wanted, addresses };
}

/** Families of the cluster's Pods; IPv4 while no node tells. */
export function familiesOf(nodes: readonly JobNode[]): readonly IpFamily[] {
  const cidrs = nodes.flatMap(({ podCidrs }) => podCidrs ?? []);
  const found = new Set(cidrs.map((cidr): IpFamily => cidr.includes(":") ? "IPv6" : "IPv4"));
  const families = (["IPv4", "IPv6"] as const).filter((family) => found.has(family));
  return families.length === 0 ? ["IPv4"] : families;
}

/** Two families are preferred, not required: a network that has but one gives that one. */
function offered(view: AddressView, families: readonly IpFamily[]): readonly IpFamily[] {
  const able = families.filter((family) => offersFamily(view, family));
  return able.length === 0 ? families : able;
}

async function takeRequested(talk: AddressTalk): Promise<AgreedAddresses> {
  const unusable: Record<string, string> = {};
  const addresses: string[] = [];
  const taken: string[] = [];
  for (const { type = "IPAddress", value } of talk.entries) {
    if (type !== "IPAddress" || value === undefined || value === "") continue;
    const address = canonicalAddress(value);
    if (address === undefined) {
      unusable[value] = `${value} is no IP address: give one of the cluster's network`;
      continue;
    }
    const { result } = await propose(talk, address);
    if (!result.ok) {
      unusable[value] = result.message;
      if (result.reason !== "outside") taken.push(address);
    } else if (!addresses.includes(address)) addresses.push(address);
  }
  return { addresses, unusable, taken };
}

async function takeFree(talk: AddressTalk, family: IpFamily): Promise<string | undefined> {
  let view = talk.job.view;
  for (let attempt = 0; attempt < commitTries; attempt++) {
    const held = view.held.find((address) => has([address], family));
    const address = held ?? view.free[family][0];
    if (address === undefined) return undefined;
    const answer = await propose(talk, address);
    if (answer.result.ok) return address;
    view = held === undefined ? answer.view : { ...answer.view, held: [] };
  }
  return undefined;
}

function propose({ job, spec, commit }: AddressTalk, address: string): Promise<CommitAnswer> {
  const ports = spec.ports.map(({ protocol, port }) => `${protocol}/${port}`).toSorted();
  const use = { ports, sharingKey: "" };
  return commit({ key: job.key, addresses: [address], use });
}

function has(addresses: readonly string[], family: IpFamily): boolean {
  return addresses.some((address) => tryParseAddress(address)?.family === family);
}
