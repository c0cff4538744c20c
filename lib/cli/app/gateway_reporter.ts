import { stableJson } from "../../core/mod.ts";
import type {
  Gateway,
  GatewayInput,
  GatewayStatus,
  GatewayStatuses,
  ListenerSetStatus,
  ParentReference,
  PolicyAncestorStatus,
  Route,
  RouteParentStatus,
} from "../../gateway/mod.ts";
import type { KubeObject } from "../../kube/types.ts";
import { BERTH_ENDED, CLASS_LEFT, endedStatus } from "./gateway_ended.ts";
import { type GatewayKind, isRouteKind } from "./gateway_kinds.ts";
import { isOurController } from "./gateway_owner.ts";
import { parentKey, sameParent } from "./gateway_parents.ts";
import { steadyStatus } from "./gateway_status.ts";
import type { GatewayStore } from "./gateway_store.ts";
import { KeyRelation } from "./key_relation.ts";
import type { AnyStatus, Decide, ObjectWriter } from "./object_writer.ts";
import { mergeEntries } from "./status_entries.ts";

/** As the API limits the lists. */
const mostParents = 32;
const mostAncestors = 16;

type Entry = RouteParentStatus | PolicyAncestorStatus;

/** What a plan says, and which objects it says it of. */
export interface GatewayReport {
  readonly statuses: GatewayStatuses;
  /** By `HTTPRoute/shop/cart`: one made again under the same name is another object. */
  readonly uids: ReadonlyMap<string, string>;
}

/** The objects that a plan was made from. */
export function uidsOf(
  { gateway, listenerSets, routes, policies }: GatewayInput,
): ReadonlyMap<string, string> {
  const named = (kind: string) => (object: KubeObject) =>
    [`${kind}/${keyOf(object)}`, object.metadata.uid] as const;
  return new Map([
    named("Gateway")(gateway),
    ...listenerSets.map(named("ListenerSet")),
    ...routes.map((route) => named(route.kind)(route)),
    ...policies.map(named("BackendTLSPolicy")),
  ]);
}

/** What the reporter works with. */
export interface GatewayReporterOptions {
  readonly store: GatewayStore;
  readonly writer: Pick<ObjectWriter, "write">;
}

/**
 * Writes what Gateways' plans say into every object concerned. A route may belong to several
 * Gateways: each plan brings its part, and the part of a Gateway that is gone leaves with it.
 */
export class GatewayReporter {
  readonly #options: GatewayReporterOptions;
  /** Gateway → its entries in the newest statuses, by object. */
  readonly #told = new Map<string, Told>();
  /** Gateway → routes and policies in its statuses. */
  readonly #objects = new KeyRelation();

  constructor(options: GatewayReporterOptions) {
    this.#options = options;
  }

  /** Brings every object in line with a Gateway's newest plan; writes only what differs. */
  async report(gateway: string, { statuses, uids }: GatewayReport): Promise<void> {
    const before = [...this.#objects.targets(gateway)];
    const parts = partsOf(statuses);
    this.#told.set(gateway, { parts, uids, generations: generationsOf(gateway, statuses) });
    this.#objects.set(gateway, parts.keys());
    const shared = new Set([...before, ...this.#objects.targets(gateway)]);
    await allSettled([
      this.#writeWhole({ kind: "Gateway", key: gateway, uids }, statuses.gateway),
      ...statuses.listenerSets.map(({ namespace, name, status }) =>
        this.#writeWhole({ kind: "ListenerSet", key: `${namespace}/${name}`, uids }, status)
      ),
      ...[...shared].map((id) => this.#refresh(id)),
    ]);
  }

  /** A Gateway is gone or another controller's: its entries leave the routes and policies. */
  async withdraw(gateway: string): Promise<void> {
    const before = [...this.#objects.targets(gateway)];
    this.#told.delete(gateway);
    this.#objects.delete(gateway);
    await allSettled(before.map((id) => this.#refresh(id)));
  }

  /** berth ends: the Gateway says so and has no address any more; its routes stay as they are. */
  async ended(gateway: string, now: string): Promise<void> {
    const ending = { message: BERTH_ENDED, now };
    await allSettled([
      this.#end("Gateway", gateway, (object) => {
        const { status } = object as Gateway;
        const next = endedStatus(status, ending);
        return status?.addresses === undefined ? next : { ...next, addresses: null };
      }),
      ...this.#setsOf(gateway).map((set) =>
        this.#end("ListenerSet", set, (object) => endedStatus((object as Gateway).status, ending))
      ),
    ]);
  }

  /**
   * A Gateway is no longer of a class of ours: what we wrote of it stops to look like a success.
   * What another controller wrote meanwhile stays.
   */
  async left(gateway: string, { addresses, now }: Left): Promise<void> {
    const told = this.#told.get(gateway)?.generations;
    const ending = { message: CLASS_LEFT, now };
    await allSettled([
      this.#end("Gateway", gateway, (object) => {
        const { status, metadata: { generation = 1 } } = object as Gateway;
        const until = told?.get(`Gateway/${gateway}`) ?? generation - 1;
        const next = endedStatus(status, { ...ending, until });
        const others = status?.addresses?.filter(({ value }) => !addresses.includes(value));
        if (others?.length === status?.addresses?.length) return next;
        return { ...next, addresses: others?.length === 0 ? null : others };
      }),
      ...this.#setsOf(gateway).map((set) =>
        this.#end("ListenerSet", set, (object) => {
          const until = told?.get(`ListenerSet/${set}`);
          if (until === undefined) return undefined;
          return endedStatus((object as Gateway).status, { ...ending, until });
        })
      ),
    ]);
  }

  #setsOf(gateway: string): readonly string[] {
    return this.#options.store.listenerSets(gateway).map(keyOf);
  }

  #end(kind: "Gateway" | "ListenerSet", key: string, decide: Decide): Promise<boolean> {
    return this.#options.writer.write(kind, key, decide);
  }

  /** True when an object carries an entry of ours that no Gateway of ours stands behind. */
  isDoubtful(kind: string, object: KubeObject): boolean {
    const list = listOf(kind);
    return list !== undefined &&
      entriesOf(list, object).some((entry) =>
        this.#isStale(`${kind}/${keyOf(object)}`, { object, list, entry })
      );
  }

  /** Takes away the entries of ours that no Gateway of ours stands behind. */
  async prune(id: string): Promise<void> {
    const { kind, key } = splitId(id);
    const list = listOf(kind);
    if (list === undefined) return;
    await this.#options.writer.write(kind, key, (object) => {
      const before = entriesOf(list, object);
      const after = before.filter((entry) => !this.#isStale(id, { object, list, entry }));
      return after.length === before.length ? undefined : { [list.field]: after };
    });
  }

  /** Brings the entries of one route or policy (`HTTPRoute/shop/cart`) in line. */
  async #refresh(id: string): Promise<void> {
    const { kind, key } = splitId(id);
    const list = listOf(kind);
    if (list === undefined) return;
    await this.#options.writer.write(kind, key, (object) => {
      const home = object.metadata.namespace;
      const before = entriesOf(list, object);
      const after = mergeEntries(before, this.#parts(id, object.metadata.uid), {
        same: (a, b) => sameParent(list.refOf(a), list.refOf(b), home),
        pending: (entry) => {
          const ref = list.refOf(entry);
          return this.#isBacked(object, ref) && !this.#isTold(object, ref);
        },
        most: list.most,
      });
      return stableJson(before) === stableJson(after) ? undefined : { [list.field]: after };
    });
  }

  async #writeWhole(
    { kind, key, uids }: Whole,
    wanted: GatewayStatuses["gateway"],
  ): Promise<void> {
    await this.#options.writer.write(kind, key, (object) => {
      if (uids.get(`${kind}/${key}`) !== object.metadata.uid) return undefined;
      const { status } = object as Gateway;
      const next = steadyStatus(wanted, status);
      const body = { ...cleared(status), ...next };
      return stableJson(dropNulls(body)) === stableJson(status ?? {}) ? undefined : body;
    });
  }

  /** Entries for one object out of the newest plan of every Gateway. */
  #parts(id: string, uid: string): readonly Entry[] {
    const gateways = [...this.#objects.keys(id)].toSorted();
    return gateways.flatMap((gateway) => {
      const told = this.#told.get(gateway);
      return told?.uids.get(id) === uid ? told.parts.get(id) ?? [] : [];
    });
  }

  #isStale(id: string, { object, list, entry }: Placed): boolean {
    if (!isOurController(entry.controllerName)) return false;
    const ref = list.refOf(entry);
    if (!this.#isBacked(object, ref)) return true;
    const told = this.#told.get(this.#gatewayOf(object, ref) ?? "");
    return told !== undefined && !told.parts.has(id);
  }

  /** The object still names the parent, and the parent belongs to a Gateway of ours. */
  #isBacked(object: KubeObject, ref: ParentReference): boolean {
    const { store } = this.#options;
    const gateway = this.#gatewayOf(object, ref);
    if (gateway === undefined || store.gateway(gateway) === undefined) return false;
    const refs = (object as Route).spec.parentRefs;
    const home = object.metadata.namespace;
    return refs === undefined || refs.some((one) => sameParent(one, ref, home));
  }

  #isTold(object: KubeObject, ref: ParentReference): boolean {
    const gateway = this.#gatewayOf(object, ref);
    return gateway !== undefined && this.#told.has(gateway);
  }

  #gatewayOf({ metadata }: KubeObject, ref: ParentReference): string | undefined {
    const parent = parentKey(ref, metadata.namespace);
    return parent === undefined ? undefined : this.#options.store.gatewayOf(parent);
  }
}

/** A Gateway that is another controller's now. */
export interface Left {
  /** Those that it held of berth's. */
  readonly addresses: readonly string[];
  /** RFC 3339. */
  readonly now: string;
}

interface Told {
  /** Generations that the Gateway's and its ListenerSets' statuses were made from, by object. */
  readonly generations: ReadonlyMap<string, number>;
  readonly parts: ReadonlyMap<string, readonly Entry[]>;
  readonly uids: ReadonlyMap<string, string>;
}

/** An entry with the object that carries it. */
interface Placed {
  readonly object: KubeObject;
  readonly list: EntryList;
  readonly entry: Entry;
}

interface Whole {
  readonly kind: "Gateway" | "ListenerSet";
  readonly key: string;
  readonly uids: ReadonlyMap<string, string>;
}

/** Where entries stand in a status. */
interface EntryList {
  readonly field: "parents" | "ancestors";
  readonly most: number;
  refOf(entry: Entry): ParentReference;
}

const parents: EntryList = {
  field: "parents",
  most: mostParents,
  refOf: (entry) => (entry as RouteParentStatus).parentRef,
};

const ancestors: EntryList = {
  field: "ancestors",
  most: mostAncestors,
  refOf: (entry) => (entry as PolicyAncestorStatus).ancestorRef,
};

function listOf(kind: string): EntryList | undefined {
  if (isRouteKind(kind)) return parents;
  return kind === "BackendTLSPolicy" ? ancestors : undefined;
}

function entriesOf(list: EntryList, object: KubeObject): readonly Entry[] {
  const { status } = object as { readonly status?: Readonly<Record<string, readonly Entry[]>> };
  return status?.[list.field] ?? [];
}

function partsOf({ routes, policies }: GatewayStatuses): ReadonlyMap<string, readonly Entry[]> {
  const ofRoutes = routes.map(({ kind, namespace, name, parents }) =>
    [`${kind}/${namespace}/${name}`, parents] as const
  );
  const ofPolicies = policies.map(({ namespace, name, ancestor }) =>
    [`BackendTLSPolicy/${namespace}/${name}`, [ancestor]] as const
  );
  return new Map<string, readonly Entry[]>([...ofRoutes, ...ofPolicies]);
}

function generationsOf(
  gateway: string,
  statuses: GatewayStatuses,
): ReadonlyMap<string, number> {
  const newest = ({ conditions = [] }: GatewayStatus | ListenerSetStatus) =>
    Math.max(0, ...conditions.map(({ observedGeneration = 0 }) => observedGeneration));
  return new Map([
    [`Gateway/${gateway}`, newest(statuses.gateway)],
    ...statuses.listenerSets.map(({ namespace, name, status }) =>
      [`ListenerSet/${namespace}/${name}`, newest(status)] as const
    ),
  ]);
}

function splitId(id: string): { readonly kind: GatewayKind; readonly key: string } {
  const at = id.indexOf("/");
  return { kind: id.slice(0, at) as GatewayKind, key: id.slice(at + 1) };
}

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? "default"}/${metadata.name}`;
}

/** Fields that stand there now, for a merge patch to take away. */
function cleared(status: object | undefined): AnyStatus {
  return Object.fromEntries(Object.keys(status ?? {}).map((name) => [name, null]));
}

function dropNulls(body: AnyStatus): AnyStatus {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => (value ?? null) !== null));
}

/** Every write to its end; then the first failure, if any. */
async function allSettled(writes: readonly Promise<unknown>[]): Promise<void> {
  const results = await Promise.allSettled(writes);
  for (const result of results) if (result.status === "rejected") throw result.reason;
}
