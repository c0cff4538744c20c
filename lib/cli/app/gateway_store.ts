import type {
  BackendTLSPolicy,
  Gateway,
  GatewayClass,
  ListenerSet,
  ReferenceGrant,
  Route,
} from "../../gateway/types.ts";
import { objectKey } from "../../kube/mod.ts";
import type { KubeObject } from "../../kube/types.ts";
import type { WatchedKind } from "./gateway_api.ts";
import { isRouteKind } from "./gateway_kinds.ts";
import { isServedClass } from "./gateway_owner.ts";
import { parentKey, parentsOf } from "./gateway_parents.ts";
import { KeyRelation } from "./key_relation.ts";

type Keys = ReadonlySet<string>;

/**
 * The Gateway API's objects as last seen, found by what refers to them. Each change answers with the
 * Gateways (`namespace/name`) that it concerns, and costs no more than those.
 */
export class GatewayStore {
  /** By kind and key (`HTTPRoute/shop/cart`). */
  readonly #objects = new Map<string, KubeObject>();
  readonly #byKind = new Map<WatchedKind, Set<string>>();
  /** Routes and ListenerSets → parents. */
  readonly #parents = new KeyRelation();
  /** Policies → Services that they target. */
  readonly #targets = new KeyRelation();
  /** ReferenceGrants → their namespace. */
  readonly #grants = new KeyRelation();
  /** Gateways → their class. */
  readonly #classes = new KeyRelation();
  /** Gateways → what they were last planned with. */
  readonly #needs = new KeyRelation();

  /** Takes an object; `status` alone never concerns another Gateway than its own. */
  put(kind: WatchedKind, object: KubeObject): Keys {
    const key = `${kind}/${objectKey(object)}`;
    const before = this.#objects.get(key);
    const touched = new Set(before === undefined ? [] : this.#concerned(kind, key));
    this.#objects.set(key, object);
    this.#kind(kind).add(key);
    this.#index(kind, key, object);
    if (kind === "Namespace" && before !== undefined && sameLabels(before, object)) {
      return new Set();
    }
    return union(touched, this.#concerned(kind, key));
  }

  remove(kind: WatchedKind, object: KubeObject): Keys {
    const key = `${kind}/${objectKey(object)}`;
    const touched = new Set(this.#concerned(kind, key));
    this.#objects.delete(key);
    this.#kind(kind).delete(key);
    for (const index of [this.#parents, this.#targets, this.#grants]) index.delete(key);
    if (kind === "Gateway") this.#classes.delete(objectKey(object));
    return touched;
  }

  /** Replaces all objects of a kind. */
  sync(kind: WatchedKind, objects: readonly KubeObject[]): Keys {
    const touched = new Set<string>();
    const now = new Set(objects.map((object) => `${kind}/${objectKey(object)}`));
    for (const key of [...this.#kind(kind)]) {
      const gone = now.has(key) ? undefined : this.#objects.get(key);
      if (gone !== undefined) add(touched, this.remove(kind, gone));
    }
    for (const object of objects) add(touched, this.put(kind, object));
    return touched;
  }

  /** Gateways that were planned with a thing: `Service/shop/cart`, `Secret/…`, `Grants/shop`. */
  concernedBy(need: string): Iterable<string> {
    return this.#needs.keys(need);
  }

  /** Gateways that an object concerns. */
  concerning(kind: WatchedKind, key: string): Keys {
    return new Set(this.#concerned(kind, `${kind}/${key}`));
  }

  /** Notes what a Gateway was planned with; nothing for one that is gone. */
  setNeeds(gateway: string, needs: Iterable<string>): void {
    this.#needs.set(gateway, needs);
  }

  /** A Gateway whose class is served by us. */
  gateway(key: string): Gateway | undefined {
    const gateway = this.#objects.get(`Gateway/${key}`) as Gateway | undefined;
    if (gateway === undefined || gateway.metadata.deletionTimestamp !== undefined) return undefined;
    const gatewayClass = this.gatewayClass(gateway.spec.gatewayClassName);
    return gatewayClass !== undefined && isServedClass(gatewayClass) ? gateway : undefined;
  }

  gatewayClass(name: string): GatewayClass | undefined {
    return this.#objects.get(`GatewayClass/${name}`) as GatewayClass | undefined;
  }

  /** Any object by kind and key. */
  object(kind: WatchedKind, key: string): KubeObject | undefined {
    return this.#objects.get(`${kind}/${key}`);
  }

  /** All objects of a kind. */
  all(kind: WatchedKind): readonly KubeObject[] {
    return [...this.#kind(kind)].flatMap((key) => this.#objects.get(key) ?? []);
  }

  /** ListenerSets of a Gateway, sorted by key. */
  listenerSets(gateway: string): readonly ListenerSet[] {
    const keys = [...this.#parents.keys(`Gateway/${gateway}`)];
    return this.#sorted(keys.filter(isListenerSet)) as readonly ListenerSet[];
  }

  /** Routes that name a Gateway or one of its ListenerSets, each once, sorted by key. */
  routes(gateway: string): readonly Route[] {
    const parents = [
      `Gateway/${gateway}`,
      ...this.listenerSets(gateway).map((set) => `ListenerSet/${objectKey(set)}`),
    ];
    const keys = new Set(parents.flatMap((parent) => [...this.#parents.keys(parent)]));
    return this.#sorted([...keys].filter((key) => !isListenerSet(key))) as readonly Route[];
  }

  /** Policies that target a Service. */
  policies(service: string): readonly BackendTLSPolicy[] {
    const keys = this.#targets.keys(`Service/${service}`);
    return this.#sorted(keys) as readonly BackendTLSPolicy[];
  }

  /** ReferenceGrants of a namespace. */
  grants(namespace: string): readonly ReferenceGrant[] {
    return this.#sorted(this.#grants.keys(namespace)) as readonly ReferenceGrant[];
  }

  /** Key of the Gateway that a parent (`Gateway/…`, `ListenerSet/…`) belongs to. */
  gatewayOf(parent: string): string | undefined {
    if (parent.startsWith("Gateway/")) return parent.slice("Gateway/".length);
    const [above] = this.#parents.targets(parent);
    return above?.slice("Gateway/".length);
  }

  #kind(kind: WatchedKind): Set<string> {
    const keys = this.#byKind.get(kind) ?? new Set<string>();
    this.#byKind.set(kind, keys);
    return keys;
  }

  #index(kind: WatchedKind, key: string, object: KubeObject): void {
    const { namespace = "default" } = object.metadata;
    if (isRouteKind(kind)) this.#parents.set(key, parentsOf(object as Route));
    else if (kind === "ListenerSet") {
      const above = parentKey((object as ListenerSet).spec.parentRef, namespace);
      this.#parents.set(key, above?.startsWith("Gateway/") ? [above] : []);
    } else if (kind === "BackendTLSPolicy") {
      const { targetRefs } = (object as BackendTLSPolicy).spec;
      this.#targets.set(key, targetRefs.map(({ name }) => `Service/${namespace}/${name}`));
    } else if (kind === "ReferenceGrant") this.#grants.set(key, [namespace]);
    else if (kind === "Gateway") {
      this.#classes.set(objectKey(object), [(object as Gateway).spec.gatewayClassName]);
    }
  }

  /** Gateways that an object concerns as it is indexed now. */
  #concerned(kind: WatchedKind, key: string): Iterable<string> {
    const name = key.slice(kind.length + 1);
    if (isRouteKind(kind) || kind === "ListenerSet") {
      return [...this.#parents.targets(key)].flatMap((parent) => this.gatewayOf(parent) ?? []);
    }
    switch (kind) {
      case "Gateway":
        return [name];
      case "GatewayClass":
        return this.#classes.keys(name);
      case "BackendTLSPolicy":
        return [...this.#targets.targets(key)].flatMap((service) => [...this.concernedBy(service)]);
      case "ReferenceGrant":
        return [...this.#grants.targets(key)].flatMap((namespace) => [
          ...this.concernedBy(`Grants/${namespace}`),
        ]);
      case "Namespace":
        return this.concernedBy(`Namespace/${name}`);
    }
  }

  #sorted(keys: Iterable<string>): readonly KubeObject[] {
    return [...keys].toSorted().flatMap((key) => this.#objects.get(key) ?? []);
  }
}

function isListenerSet(key: string): boolean {
  return key.startsWith("ListenerSet/");
}

function union(a: Iterable<string>, b: Iterable<string>): Keys {
  return new Set([...a, ...b]);
}

function add(to: Set<string>, keys: Iterable<string>): void {
  for (const key of keys) to.add(key);
}

function sameLabels(a: KubeObject, b: KubeObject): boolean {
  return JSON.stringify(a.metadata.labels) === JSON.stringify(b.metadata.labels);
}
