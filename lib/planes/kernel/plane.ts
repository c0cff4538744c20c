import { getLogger, type Logger } from "@logtape/logtape";
import { AppError, type Clock, errorText } from "../../core/mod.ts";
import type { ProxySpec } from "../../proxy/types.ts";
import type { ContainerSession } from "../../runtime/types.ts";
import type { CallOptions, Plane, PlaneEvents, PlaneNode, Served } from "../types.ts";
import { checkSpec } from "./check_spec.ts";
import { type Affected, Desired } from "./desired.ts";
import { type LinkHost, NodeLink } from "./node_link.ts";
import { Reopener } from "./reopener.ts";
import { Repairs } from "./repairs.ts";

const CONFIRM_ROUNDS = 5;

/** What the kernel plane is made of. */
export interface KernelPlaneOptions {
  readonly cluster: string;
  /** Opens a session that runs `NODE_SHELL` in a node's container. */
  readonly openSession: (container: string) => Promise<ContainerSession>;
  readonly events: PlaneEvents;
  readonly clock: Clock;
  readonly logger?: Logger;
}

/**
 * A plane of nftables rules and addresses on the cluster's own nodes.
 *
 * Disposing leaves the data path in place: only `remove` takes traffic away.
 */
export function createKernelPlane(options: KernelPlaneOptions): Plane {
  return new KernelPlane(options);
}

class KernelPlane implements Plane, LinkHost {
  readonly name = "kernel";
  readonly desired: Desired;
  readonly #options: KernelPlaneOptions;
  readonly #logger: Logger;
  readonly #links = new Map<string, NodeLink>();
  /** Problems of nodes that Services were told of. */
  readonly #told = new Map<string, string>();
  readonly #reopener: Reopener<NodeLink>;
  readonly #repairs: Repairs<NodeLink>;
  readonly #closing = new AbortController();
  #expiring: Promise<void> | undefined;

  constructor(options: KernelPlaneOptions) {
    this.#options = options;
    this.#logger = options.logger ?? getLogger(["berth", "planes", "kernel"]);
    const { clock } = options;
    this.desired = new Desired(() => clock.now());
    this.#reopener = new Reopener({ clock, changed: (link) => this.#changed(link) });
    this.#repairs = new Repairs({ clock, mend: (link) => this.#mend(link) });
  }

  async ensure(spec: ProxySpec, { signal }: CallOptions): Promise<Served> {
    signal.throwIfAborted();
    const checked = checkSpec(spec);
    const affected = this.desired.put(checked);
    await this.#distribute(affected);
    await this.#confirm(checked, affected);
    return this.#served(spec.key);
  }

  async remove(key: string, { signal }: CallOptions): Promise<void> {
    signal.throwIfAborted();
    const old = [...this.#links.values()].flatMap(({ mirror }) => mirror.addressesOf(key));
    const affected = this.desired.remove(key);
    const addresses = new Set([...affected.addresses, ...old]);
    await this.#distribute({ ...affected, addresses });
  }

  async setNodes(nodes: readonly PlaneNode[], { signal }: CallOptions): Promise<void> {
    signal.throwIfAborted();
    const names = new Set(nodes.map(({ name }) => name));
    const gone = [...this.#links.values()].filter(({ name }) => !names.has(name));
    for (const link of gone) this.#links.delete(link.name);
    const closing = gone.map((link) => this.#reopener.stop(link));
    const opening = nodes.map((node) => this.#follow(node));
    // survivors take over at once, nodes that come up follow when they can
    const before = this.#holders();
    await this.#update(before);
    await Promise.all([...closing, ...opening]);
    await this.#update(before);
  }

  list({ signal }: CallOptions): Promise<readonly Served[]> {
    signal.throwIfAborted();
    const keys = new Set(this.desired.keys);
    for (const { mirror } of this.#links.values()) {
      for (const key of mirror.leftovers) keys.add(key);
    }
    return Promise.resolve([...keys].sort().map((key) => this.#served(key)));
  }

  openSession(container: string): Promise<ContainerSession> {
    return this.#options.openSession(container);
  }

  isServedElsewhere(address: string, node: string): boolean {
    const holder = this.desired.holder(address);
    if (holder === undefined || holder === node) return holder === undefined;
    return this.#links.get(holder)?.mirror.onDevice.has(address) === true;
  }

  ended(link: NodeLink, reason: string): void {
    if (this.#closing.signal.aborted) return;
    this.#logger.warn("node session lost", { node: link.name, reason });
    this.#reopener.retry(link);
  }

  damaged(link: NodeLink, reason: string): void {
    if (this.#closing.signal.aborted || !link.isReady) return;
    this.#logger.warn("node damaged", { node: link.name, reason });
    this.#repairs.damaged(link).catch((error) => this.#failed(error));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    this.#repairs[Symbol.dispose]();
    await Promise.all([...this.#links.values()].map((link) => this.#reopener.stop(link)));
    await this.#expiring;
  }

  async #follow(node: PlaneNode): Promise<void> {
    const link = this.#links.get(node.name) ?? new NodeLink(node.name, this);
    this.#links.set(node.name, link);
    await this.#reopener.follow(link, node.up ? node.container : undefined);
    if (node.up && node.container === undefined) link.refuse("it is no container of this engine");
  }

  /** A node was reached or lost: takes over, or gives it its share. */
  async #changed(link: NodeLink): Promise<void> {
    const { name, problem } = link;
    if (problem !== undefined) this.#logger.warn("node refused", { node: name, reason: problem });
    await this.#update(this.#holders()).catch((error) => this.#failed(error));
    this.#tellProblem(link);
  }

  /** What is wrong with a node belongs into the status of all that it should serve. */
  #tellProblem({ name, problem, isReady }: NodeLink): void {
    const told = this.#told.get(name);
    if (problem === told || (problem === undefined && !isReady)) return;
    if (problem === undefined) this.#told.delete(name);
    else this.#told.set(name, problem);
    for (const key of this.desired.keys) this.#options.events.moved(this.#served(key));
  }

  async #mend(link: NodeLink): Promise<void> {
    const affected = this.#everything();
    try {
      await link.replace(affected);
    } catch (error) {
      if (link.isReady) this.#options.events.broken([...affected.keys], errorText(error));
    }
  }

  /** Takes the links' newest facts and brings every node up to date. */
  async #update(before: ReadonlyMap<string, string>): Promise<void> {
    const affected = this.desired.setNodes([...this.#links.values()].map(({ facts }) => facts));
    try {
      await this.#distribute(affected);
    } finally {
      this.#tellMoves(before);
    }
  }

  /** Two rounds: an address leaves its old node only when the new one has it. */
  async #distribute(affected: Affected): Promise<void> {
    this.#watchMoved(affected.keys);
    await this.#apply(affected, [...this.#links.values()]);
    const late = [...this.#links.values()].filter((link) =>
      [...affected.addresses].some((address) =>
        link.mirror.onDevice.has(address) && this.desired.holder(address) !== link.name
      )
    );
    const none = { keys: new Set<string>(), cleanups: new Map() };
    await this.#apply({ ...affected, ...none }, late);
  }

  /** Old flows of moved slots are given up some day: one timer for all of them. */
  #watchMoved(keys: Iterable<string>): void {
    const hasMoved = [...keys].some((key) =>
      this.desired.placed(key).some(({ moved }) => moved.slots.size > 0)
    );
    if (!hasMoved || this.#expiring !== undefined) return;
    this.#expiring = this.#expireMoved().catch((error) => this.#failed(error)).finally(() => {
      this.#expiring = undefined;
    });
  }

  async #expireMoved(): Promise<void> {
    const { clock } = this.#options;
    const { signal } = this.#closing;
    let next = this.desired.nextExpiry();
    while (next !== undefined) {
      await clock.sleep(Math.max(0, next - clock.now()), signal).catch(() => {});
      if (signal.aborted) return;
      await this.#update(this.#holders());
      next = this.desired.nextExpiry();
    }
  }

  /** A node may have died meanwhile: its successor must have the addresses before we say so. */
  async #confirm(spec: ProxySpec, affected: Affected): Promise<void> {
    for (let round = 0; round < CONFIRM_ROUNDS; round++) {
      this.#checkHolders(spec);
      const late = spec.addresses.filter((address) => !this.isServedElsewhere(address, ""));
      if (late.length === 0) return;
      await this.#distribute(affected);
    }
    throw new AppError(`nodes changed too often to serve ${spec.key}: try again`, {
      kind: "unavailable",
    });
  }

  /** All nodes at once; trouble on one is told after the others are done. */
  async #apply(affected: Affected, links: readonly NodeLink[]): Promise<void> {
    const results = await Promise.allSettled(links.map((link) => link.apply(affected)));
    for (const [index, result] of results.entries()) {
      // a node that died is taken over by the update that its end started
      if (result.status === "rejected" && links[index]?.isReady === true) throw result.reason;
    }
  }

  #everything(): Affected {
    return {
      keys: new Set(this.desired.keys),
      addresses: new Set(this.desired.addresses),
      cleanups: new Map(),
    };
  }

  #holders(): ReadonlyMap<string, string> {
    return new Map(
      [...this.desired.addresses].map((address) =>
        [address, this.desired.holder(address) ?? ""] as const
      ),
    );
  }

  #tellMoves(before: ReadonlyMap<string, string>): void {
    const keys = new Set<string>();
    for (const [address, node] of before) {
      if ((this.desired.holder(address) ?? "") === node) continue;
      for (const key of this.desired.usersOf(address)) keys.add(key);
    }
    const lost = [...keys].filter((key) => this.#missing(key).length > 0);
    for (const key of keys) if (!lost.includes(key)) this.#options.events.moved(this.#served(key));
    if (lost.length > 0) {
      this.#options.events.broken(lost, "no node that may announce their addresses is up");
    }
  }

  #missing(key: string): readonly string[] {
    return (this.desired.addressesOf(key) ?? []).filter((address) =>
      this.desired.holder(address) === undefined
    );
  }

  #checkHolders({ key, announcers }: ProxySpec): void {
    const [missing] = this.#missing(key);
    if (missing === undefined) return;
    const problems = announcers.flatMap((name) => this.#links.get(name)?.problem ?? []);
    const why = problems.length > 0
      ? problems.join("; ")
      : `of its ${announcers.length} candidates none is up: start one`;
    throw new AppError(`no node can announce ${missing} of ${key}: ${why}`, { kind: "exhausted" });
  }

  #served(key: string): Served {
    const links = [...this.#links.values()];
    const old = new Set(links.flatMap(({ mirror }) => mirror.addressesOf(key)));
    const addresses = this.desired.addressesOf(key) ?? [...old].sort();
    return {
      key,
      addresses: addresses.map((address) => {
        const node = this.desired.holder(address) ??
          links.find(({ mirror }) => mirror.onDevice.has(address))?.name;
        return { address, ...(node === undefined ? {} : { node }) };
      }),
      warnings: links.flatMap(({ problem }) => problem ?? []),
    };
  }

  #failed(error: unknown): void {
    this.#logger.error("node update failed", { reason: errorText(error) });
  }
}
