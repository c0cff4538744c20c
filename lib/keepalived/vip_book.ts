import { addressOfKey, parseVipValue } from "./vip_entry.ts";
import type { VipConfigMap, VipRecord, VipState } from "./types.ts";
import { FreeAddresses, type VipPool } from "./vip_pool.ts";

/** Somebody who wants an address. */
export interface Claimant {
  readonly uid: string;
  /** `namespace/name`. */
  readonly key: string;
}

/** What of a book's addresses can be given. */
export interface BookLimits {
  readonly pool?: VipPool;
  /** Addresses that no Service may have, and who has them. */
  readonly reserved?: ReadonlyMap<string, string>;
}

/**
 * Who has which address while a plan is made: records out of the state annotation, and entries of
 * the ConfigMap that other people wrote. One address has one Service, because one key has one value.
 */
export class VipBook {
  readonly #records = new Map<string, VipRecord>();
  /** Address → UIDs. More than one only where another program left it so. */
  readonly #owners = new Map<string, Set<string>>();
  /** Address → value of its entry. */
  readonly #entries = new Map<string, string>();
  /** Address → value of an entry that no record stands for. */
  readonly #foreign = new Map<string, string>();
  readonly #free: FreeAddresses | undefined;
  readonly #reserved: ReadonlyMap<string, string>;

  constructor(state: VipState, data: VipConfigMap["data"], limits: BookLimits = {}) {
    const { pool, reserved = new Map() } = limits;
    this.#free = pool === undefined ? undefined : new FreeAddresses(pool);
    this.#reserved = reserved;
    for (const address of reserved.keys()) this.#free?.take(address);
    for (const [key, value] of Object.entries(data)) {
      const address = addressOfKey(key);
      if (address === undefined) continue;
      this.#entries.set(address, value);
      this.#foreign.set(address, value);
      this.#free?.take(address);
    }
    for (const record of state.records) this.put(record);
  }

  /** All records, oldest first. */
  get records(): readonly VipRecord[] {
    return [...this.#records.values()];
  }

  record(uid: string): VipRecord | undefined {
    return this.#records.get(uid);
  }

  /** Why somebody cannot have an address; undefined when it is free, or his already. */
  obstacle(address: string, { uid, key }: Claimant): string | undefined {
    for (const owner of this.#owners.get(address) ?? []) {
      const record = this.#records.get(owner);
      if (owner === uid || record === undefined) continue;
      const holder = `${record.namespace}/${record.name}`;
      return `address ${address} belongs to Service ${holder}: ask for another one`;
    }
    const reservation = this.reservation(address);
    if (reservation !== undefined) return reservation;
    const value = this.#foreign.get(address);
    if (value === undefined || names(value, key)) return undefined;
    return `address ${address} is an entry of the VIP ConfigMap that somebody else wrote ` +
      `("${value}"): remove that entry or ask for another address`;
  }

  /** Why no Service may have an address; undefined when one may. */
  reservation(address: string): string | undefined {
    const holder = this.#reserved.get(address);
    return holder && `address ${address} is used by ${holder}: ask for another one`;
  }

  /** True for an address with an entry that no record stands for. */
  hasEntry(address: string): boolean {
    return this.#foreign.has(address);
  }

  /** The lowest address of the pool that nobody has. */
  lowestFree(): string | undefined {
    return this.#free?.lowest();
  }

  /** Gives an address, or moves its owner there. */
  put(record: VipRecord): void {
    const before = this.#records.get(record.uid);
    if (before !== undefined && before.ip !== record.ip) this.#leave(before);
    this.#records.set(record.uid, record);
    const owners = this.#owners.get(record.ip) ?? new Set<string>();
    this.#owners.set(record.ip, owners.add(record.uid));
    this.#foreign.delete(record.ip);
    this.#free?.take(record.ip);
  }

  /** Takes an address back. */
  remove(uid: string): void {
    const record = this.#records.get(uid);
    this.#records.delete(uid);
    if (record !== undefined) this.#leave(record);
  }

  #leave({ uid, ip, namespace, name }: VipRecord): void {
    const owners = this.#owners.get(ip);
    owners?.delete(uid);
    if (owners === undefined || owners.size > 0) return;
    this.#owners.delete(ip);
    const value = this.#entries.get(ip);
    if (value !== undefined && !names(value, `${namespace}/${name}`)) {
      // somebody wrote over our entry: it stays as it is
      this.#foreign.set(ip, value);
      return;
    }
    if (!this.#reserved.has(ip)) this.#free?.giveBack(ip);
  }
}

/** True when an entry's value names this Service. */
export function names(value: string, key: string): boolean {
  const parsed = parseVipValue(value);
  return parsed.kind === "service" && parsed.service === key;
}
