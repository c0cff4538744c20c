import type { Service } from "../kube/types.ts";
import { readState, stateAnnotation } from "./cloud_state.ts";
import { configMapPatch } from "./config_map_patch.ts";
import { type WantedMethod, wantedMethod } from "./forward_method.ts";
import { SizeLimits } from "./size_limits.ts";
import type { ForwardMethod, VipConfigMap, VipOutcome, VipPlan, VipRecord } from "./types.ts";
import { VipBook } from "./vip_book.ts";
import { poolHolds, type VipPool } from "./vip_pool.ts";
import { familyProblem, serviceKey, statusAddresses, vipRequest, wantsVip } from "./vip_request.ts";

/** Everything a plan depends on. */
export interface VipWorld {
  readonly configMap: VipConfigMap;
  /** Every Service of the cluster: a record whose Service is not among them is a leak. */
  readonly services: readonly Service[];
  /** Absent: only Services that name an address get one. */
  readonly pool?: VipPool;
  /** Addresses that are nobody's to have, and who has them: `node one`. */
  readonly reserved?: ReadonlyMap<string, string>;
  /** Absent: entries without a method, which kube-keepalived-vip takes as NAT. */
  readonly method?: ForwardMethod;
}

interface Planning {
  readonly world: VipWorld;
  readonly book: VipBook;
  readonly limits: SizeLimits;
  /** `namespace/name` → address of a record whose Service is gone. */
  readonly former: ReadonlyMap<string, string>;
}

/**
 * Decides the addresses of all Services at once. The ConfigMap is the ledger: a plan is made on one
 * version of it and written with that version, so of two plans one is refused and made again, and
 * no address is given twice. Throws AppError `invalid` when the state cannot be read.
 */
export function planVips(world: VipWorld): VipPlan {
  const before = readState(world.configMap.annotations[stateAnnotation]);
  const book = new VipBook(before, world.configMap.data, world);
  const wanting = new Map(
    world.services.filter(wantsVip).map((service) => [service.metadata.uid, service]),
  );
  const present = new Map(world.services.map((service) => [service.metadata.uid, service]));
  const gone = before.records.filter(({ uid }) => !wanting.has(uid));
  for (const { uid } of gone) book.remove(uid);
  const planning: Planning = {
    world,
    book,
    limits: new SizeLimits(world.configMap, { ...before, records: book.records }),
    former: new Map(gone.map(({ namespace, name, ip }) => [`${namespace}/${name}`, ip])),
  };
  const outcomes = inOrder([...wanting.values()], book)
    .map((service) => settle(planning, service));
  const after = { records: book.records, unreadable: before.unreadable };
  const patch = configMapPatch(world.configMap, { before, after });
  return {
    ...(patch === undefined ? {} : { patch }),
    outcomes,
    released: gone.map((record) => {
      const service = present.get(record.uid);
      return { record, ...(service === undefined ? {} : { service }) };
    }),
  };
}

/** Who has an address first, then who had one, then who names one, then the oldest. */
function inOrder(services: readonly Service[], book: VipBook): readonly Service[] {
  const rank = (service: Service) => {
    if (book.record(service.metadata.uid) !== undefined) return 0;
    if (statusAddresses(service).length > 0) return 1;
    return vipRequest(service).kind === "address" ? 2 : 3;
  };
  const sortKey = (service: Service) =>
    `${rank(service)} ${service.metadata.creationTimestamp ?? ""} ${serviceKey(service)}`;
  return services.map((service) => ({ service, key: sortKey(service) }))
    .toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ service }) => service);
}

function settle(planning: Planning, service: Service): VipOutcome {
  const { book, world } = planning;
  const record = book.record(service.metadata.uid);
  const choice = choose(planning, service, record);
  const { warning, ...method } = wantedMethod(service, {
    ...(record === undefined ? {} : { before: methodOf(record) }),
    ...(world.method === undefined ? {} : { fallback: world.method }),
  });
  const note = warning === undefined ? {} : { warning };
  const problem = choice.problem === undefined ? {} : { problem: choice.problem };
  if (choice.address === undefined) return { service, change: "none", ...problem, ...note };
  const { uid, name, namespace = "default" } = service.metadata;
  const next: VipRecord = { uid, ip: choice.address, namespace, name, ...method };
  const full = planning.limits.take(next, record);
  if (full !== undefined) {
    const kept = record === undefined ? {} : { address: record.ip };
    return { service, ...kept, change: "none", problem: full, ...note };
  }
  book.put(next);
  return { service, address: next.ip, change: changeOf(record, next), ...problem, ...note };
}

function methodOf({ method }: VipRecord): WantedMethod {
  return method === undefined ? {} : { method };
}

function changeOf(before: VipRecord | undefined, after: VipRecord): VipOutcome["change"] {
  if (before === undefined) return "created";
  if (before.ip !== after.ip) return "moved";
  return (before.method ?? "") === (after.method ?? "") ? "none" : "method";
}

interface Choice {
  readonly address?: string;
  readonly problem?: string;
}

/** The address for a Service; one that it has is never taken away for want of another. */
function choose(
  planning: Planning,
  service: Service,
  record: VipRecord | undefined,
): Choice {
  const kept = record === undefined ? {} : keeping(planning, record);
  const request = vipRequest(service);
  if (request.kind === "bad") return { ...kept, problem: request.problem };
  if (request.kind === "address") {
    // it may have it together with another one, where the peer left it so
    if (request.address === record?.ip) return kept;
    const problem = planning.book.obstacle(request.address, claimant(service));
    return problem === undefined ? { address: request.address } : { ...kept, problem };
  }
  return record === undefined ? anyAddress(planning, service) : kept;
}

/** Even an address that a node has is not taken away: its clients would be cut off. */
function keeping({ book }: Planning, { ip: address }: VipRecord): Choice {
  const problem = book.reservation(address);
  return problem === undefined ? { address } : { address, problem };
}

function anyAddress({ world, book, former }: Planning, service: Service): Choice {
  const again = [...statusAddresses(service), former.get(serviceKey(service)) ?? ""]
    .find((address) => mayHaveAgain({ world, book }, service, address));
  if (again !== undefined) return { address: again };
  const { pool } = world;
  if (pool === undefined) {
    const problem = "no service CIDR is set and the Service names no address: " +
      "set KEEPALIVED_SERVICE_CIDR or spec.loadBalancerIP";
    return { problem };
  }
  const unfit = familyProblem(service, pool.family, `the service CIDR ${pool.cidr}`);
  if (unfit !== undefined) return { problem: unfit };
  const address = book.lowestFree();
  if (address !== undefined) return { address };
  const problem = `no address is left in the service CIDR ${pool.cidr}: ` +
    `enlarge it or remove LoadBalancer Services`;
  return { problem };
}

/**
 * An address that a Service had before the state was lost, or before it was made again. It must be
 * free, and either in our CIDR or in an entry that still names the Service.
 */
function mayHaveAgain(
  { world, book }: Pick<Planning, "world" | "book">,
  service: Service,
  address: string,
): boolean {
  if (address === "" || book.obstacle(address, claimant(service)) !== undefined) return false;
  return book.hasEntry(address) || (world.pool !== undefined && poolHolds(world.pool, address));
}

function claimant(service: Service) {
  return { uid: service.metadata.uid, key: serviceKey(service) };
}
