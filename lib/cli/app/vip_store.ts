import { objectKey } from "../../kube/mod.ts";
import type { Node, Service } from "../../kube/types.ts";
import type { VipConfigMap } from "../../keepalived/types.ts";
import { addressesOf, nodeAddresses } from "./node_addresses.ts";
import { type ConfigMapObject, newer, vipConfigMapOf } from "./vip_config_map.ts";

/** Services, nodes and the VIP ConfigMap as last seen or written. */
export class VipStore {
  readonly #services = new Map<string, Service>();
  /** UIDs whose deletion was seen: their records need no second look. */
  readonly #deleted = new Set<string>();
  readonly #nodes = new Map<string, Node>();
  #configMap: VipConfigMap | undefined;
  readonly #known = new Set<"services" | "configMap" | "nodes">();

  /** True when everything has been listed once. */
  get synced(): boolean {
    return this.#known.size === 3;
  }

  get services(): readonly Service[] {
    return [...this.#services.values()];
  }

  /** Undefined: there is none. */
  get configMap(): VipConfigMap | undefined {
    return this.#configMap;
  }

  /** Addresses that nodes have. */
  get reserved(): ReadonlyMap<string, string> {
    return nodeAddresses(this.#nodes.values());
  }

  /** Undefined: they may not be seen, and none is known. */
  syncNodes(nodes: readonly Node[] | undefined): void {
    this.#known.add("nodes");
    if (nodes === undefined) return;
    this.#nodes.clear();
    for (const node of nodes) this.#nodes.set(node.metadata.name, node);
  }

  /** False when the addresses stay as they are: nodes report often. */
  putNode(node: Node): boolean {
    const before = this.#nodes.get(node.metadata.name);
    this.#nodes.set(node.metadata.name, node);
    return addressesOf(before ?? {}).join() !== addressesOf(node).join();
  }

  dropNode({ metadata }: Node): void {
    this.#nodes.delete(metadata.name);
  }

  syncServices(services: readonly Service[]): void {
    this.#known.add("services");
    this.#services.clear();
    for (const service of services) this.#services.set(objectKey(service), service);
  }

  /** Takes a Service unless a later state of it is known. */
  putService(service: Service): void {
    const key = objectKey(service);
    const before = this.#services.get(key);
    const late = before?.metadata.uid === service.metadata.uid &&
      Number(before.metadata.resourceVersion) > Number(service.metadata.resourceVersion);
    if (!late) this.#services.set(key, service);
    // made again under its name before the deletion was told
    if (before !== undefined && before.metadata.uid !== service.metadata.uid) {
      this.#deleted.add(before.metadata.uid);
    }
  }

  dropService(service: Service): void {
    this.#deleted.add(service.metadata.uid);
    const key = objectKey(service);
    const known = this.#services.get(key);
    if (known?.metadata.uid === service.metadata.uid) this.#services.delete(key);
  }

  /** True when a Service was seen to go; asked once for each. */
  sawDeleted(uid: string): boolean {
    return this.#deleted.delete(uid);
  }

  /** Their records are gone: whoever went meanwhile is asked for instead. */
  forgetDeleted(): void {
    this.#deleted.clear();
  }

  syncConfigMap(objects: readonly ConfigMapObject[]): void {
    this.#known.add("configMap");
    const [object] = objects;
    this.#configMap = object === undefined ? undefined : vipConfigMapOf(object);
  }

  /** Takes a state of the ConfigMap unless a later one is known. */
  putConfigMap(configMap: VipConfigMap): void {
    this.#configMap = newer(this.#configMap, configMap);
  }

  dropConfigMap(): void {
    this.#configMap = undefined;
  }
}
