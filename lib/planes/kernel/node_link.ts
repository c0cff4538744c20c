import { AppError, errorText } from "../../core/mod.ts";
import type { ContainerSession } from "../../runtime/types.ts";
import { NodeAgent } from "../agent/mod.ts";
import { Batch } from "./batch.ts";
import type { Affected, Desired } from "./desired.ts";
import { NodeMirror } from "./mirror.ts";
import { probeCommand, readProbe } from "./node_probe.ts";
import { commitPlan, type NodePlan, planNode, type Units } from "./node_plan.ts";
import { recover } from "./recover.ts";
import type { NodeFacts } from "./types.ts";

/** What a link needs of the plane around it; `ended` must lead to `open` or `giveUp`. */
export interface LinkHost {
  readonly desired: Desired;
  openSession(container: string): Promise<ContainerSession>;
  /** True when another node's device has the address. */
  isServedElsewhere(address: string, node: string): boolean;
  ended(link: NodeLink, reason: string): void;
  damaged(link: NodeLink, reason: string): void;
}

/** One node: its session, what it holds, and the changes that wait for it. */
export class NodeLink implements AsyncDisposable {
  readonly name: string;
  readonly #host: LinkHost;
  #agent: NodeAgent | undefined;
  #facts: NodeFacts;
  #mirror = new NodeMirror();
  #next = new Batch();
  #draining = false;
  /** The whole state replaces whatever is there with the next batch. */
  #replaces = false;
  #problem: string | undefined;
  /** Pending while a lost session may still be re-opened. */
  #reconnection: PromiseWithResolvers<void> | undefined;

  constructor(name: string, host: LinkHost) {
    this.name = name;
    this.#host = host;
    this.#facts = { name, health: "down", device: "", addresses: {}, forwards: false };
  }

  get facts(): NodeFacts {
    return this.#facts;
  }

  get mirror(): NodeMirror {
    return this.#mirror;
  }

  get isReady(): boolean {
    return this.#facts.health === "ready";
  }

  /** The session lives. */
  get isOpen(): boolean {
    return this.#agent !== undefined;
  }

  /** Why the node takes none of our rules; undefined when it does, or is just down. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /**
   * Opens the session and reads what the node is and holds. A node that cannot serve becomes
   * `refused`, see {@link problem}.
   *
   * @throws AppError `unavailable` when the session fails.
   */
  async open(container: string): Promise<void> {
    try {
      this.#agent = await this.#connect(container);
    } catch (error) {
      this.refuse(errorText(error));
      const isUnfit = error instanceof AppError && error.kind === "invalid";
      if (!isUnfit) throw error;
    }
    this.#settle();
  }

  async #connect(container: string): Promise<NodeAgent> {
    const agent = await this.#start(await this.#host.openSession(container));
    try {
      this.#learn(await agent.run([{ verb: "ask", text: probeCommand() }]));
      return agent;
    } catch (error) {
      await agent[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** The node should live: until it is reached or given up, its flows stay as they are. */
  expect(): void {
    if (this.#facts.health === "down") this.#facts = { ...this.#facts, health: "opening" };
  }

  /** The node lives where we cannot go: it serves its Pods, but takes none of our rules. */
  refuse(reason: string): void {
    this.#problem = `node ${this.name} cannot be used: ${reason}`;
    this.#facts = { ...this.#facts, health: "refused" };
  }

  /** The node cannot be reached any more. */
  giveUp(): void {
    this.#facts = { ...this.#facts, health: "down" };
    this.#settle();
  }

  /** Brings the affected units up to date; changes that wait go together in one transaction. */
  apply(affected: Affected): Promise<void> {
    if (!this.isReady) return Promise.resolve();
    const done = this.#next.add(affected);
    this.#drain();
    return done;
  }

  /** Replaces everything with the next batch, in one transaction. */
  replace(affected: Affected): Promise<void> {
    this.#replaces = true;
    return this.apply(affected);
  }

  /** Ends the session; the data path stays. */
  async close(): Promise<void> {
    const agent = this.#agent;
    this.#agent = undefined;
    this.giveUp();
    this.#problem = undefined;
    this.#next.fail(this.#unavailable("its session was closed"));
    this.#next = new Batch();
    await agent?.[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #start(session: ContainerSession): Promise<NodeAgent> {
    let agent: NodeAgent | undefined;
    try {
      agent = await NodeAgent.start(session, {
        ended: (reason) => this.#ended(agent, reason),
        damaged: (reason) => this.#host.damaged(this, reason),
      });
      return agent;
    } catch (error) {
      await session[Symbol.asyncDispose]();
      throw error;
    }
  }

  #learn(lines: readonly string[]): void {
    const probe = readProbe(lines);
    const { device, mac, ipv4, ipv6, forwards } = probe;
    const addresses = {
      ...(ipv4 === undefined ? {} : { IPv4: ipv4 }),
      ...(ipv6 === undefined ? {} : { IPv6: ipv6 }),
    };
    const recovered = recover(probe.tables, addresses);
    this.#host.desired.remember(recovered.slots);
    this.#mirror = NodeMirror.adopt(recovered, probe.singles);
    if (probe.tables.length > 0) this.#mirror.base = "";
    this.#replaces = !recovered.isSound;
    this.#problem = undefined;
    this.#facts = {
      name: this.name,
      health: "ready",
      device,
      forwards,
      ...(mac === undefined ? {} : { mac }),
      addresses,
    };
  }

  #ended(agent: NodeAgent | undefined, reason: string): void {
    if (agent === undefined || this.#agent !== agent) return;
    this.#agent = undefined;
    this.#reconnection = Promise.withResolvers();
    this.#host.ended(this, reason);
  }

  #settle(): void {
    this.#reconnection?.resolve();
    this.#reconnection = undefined;
  }

  async #drain(): Promise<void> {
    if (this.#draining) return;
    this.#draining = true;
    // callers of the same turn share the first batch
    await Promise.resolve();
    while (!this.#next.isEmpty) {
      const batch = this.#next;
      this.#next = new Batch();
      batch.settle(await this.#flush(batch));
    }
    this.#draining = false;
  }

  /** @returns Failures by unit; one bad unit is found by trying each alone. */
  async #flush(batch: Batch): Promise<ReadonlyMap<string, unknown>> {
    const failures = new Map<string, unknown>();
    let first = await this.#run(batch.units());
    // the session went meanwhile: once more through its successor
    if (this.#reconnection !== undefined) first = await this.#run(batch.units());
    if (first === undefined) return failures;
    for (const [name, units] of batch.single()) {
      const failure = this.#agent === undefined ? first : await this.#run(units);
      if (failure !== undefined) failures.set(name, failure);
    }
    return failures;
  }

  async #run(units: Units): Promise<unknown> {
    await this.#reconnection?.promise;
    const agent = this.#agent;
    if (agent === undefined) return this.#unavailable("it is down");
    const replaces = this.#replaces;
    this.#replaces = false;
    if (replaces) this.#mirror = new NodeMirror();
    const mirror = this.#mirror;
    const plan = planNode(units, {
      node: this.#facts,
      desired: this.#host.desired,
      mirror,
      isServedElsewhere: (address) => this.#host.isServedElsewhere(address, this.name),
      replaces,
    });
    return await this.#send(agent, { plan, mirror });
  }

  async #send(
    agent: NodeAgent,
    { plan, mirror }: { readonly plan: NodePlan; readonly mirror: NodeMirror },
  ): Promise<unknown> {
    try {
      if (plan.steps.length > 0) await agent.run(plan.steps);
      commitPlan(plan, mirror);
      return undefined;
    } catch (error) {
      if (errorText(error).startsWith("add:")) commitPlan(plan, mirror, true);
      return error instanceof AppError && error.kind === "unavailable"
        ? this.#unavailable(errorText(error))
        : new AppError(`node ${this.name} refused the change: ${errorText(error)}`, {
          kind: "internal",
          cause: error,
        });
    }
  }

  #unavailable(why: string): AppError {
    return new AppError(`node ${this.name} cannot be reached: ${why}`, { kind: "unavailable" });
  }
}
