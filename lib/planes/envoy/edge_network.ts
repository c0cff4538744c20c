import type { RouteSpec } from "../../proxy/types.ts";
import type { PlaneNode } from "../types.ts";
import type { Step } from "../agent/mod.ts";
import type { Edge } from "./edge.ts";
import {
  endpointsOf,
  routeChanges,
  type Routes,
  wantedRoutes,
  withLeavers,
} from "./network_plan.ts";

/** The device that an engine gives a container on one network. */
const DEVICE = "eth0";

/** What the next change brings; it grows while it waits. */
interface Waiting {
  readonly addresses: Set<string>;
  calls: number;
}

/** Addresses and routes of the edge. Changes wait for each other. */
export class EdgeNetwork {
  readonly #edge: Edge;
  #nodes: readonly PlaneNode[] = [];
  #addresses = new Set<string>();
  #routes: Routes = new Map();
  #turn: Promise<void> = Promise.resolve();
  #waiting: (Waiting & { readonly done: Promise<void> }) | undefined;
  /** The newest that were asked for. */
  #specs: readonly RouteSpec[] = [];

  constructor(edge: Edge) {
    this.#edge = edge;
  }

  /** The edge is new: it holds nothing. */
  reset(): void {
    this.#addresses = new Set();
    this.#routes = new Map();
  }

  /** Notes the nodes; {@link update} takes them into account. */
  setNodes(nodes: readonly PlaneNode[]): void {
    this.#nodes = nodes;
  }

  /**
   * Brings addresses and routes that specs need, and takes away routes that lead nowhere. Calls that
   * wait are carried out as one; should that fail, each alone, so that none spoils another.
   */
  async update(specs: readonly RouteSpec[], addresses: Iterable<string>): Promise<void> {
    this.#specs = specs;
    const own = [...addresses];
    const waiting = this.#waiting ?? this.#wait();
    for (const address of own) waiting.addresses.add(address);
    waiting.calls++;
    try {
      await waiting.done;
    } catch (error) {
      if (waiting.calls === 1) throw error;
      await this.#exclusive(() => this.#bring(own));
    }
  }

  /** Takes away what an earlier run left on the device: every single address but these. */
  async dropStrays(known: Iterable<string>): Promise<void> {
    const kept = new Set(known);
    const lines = await this.#edge.run([{
      verb: "ask",
      text: `ip -o address show dev ${DEVICE} scope global`,
    }]);
    const strays = lines.flatMap((line) => singleAddress(line) ?? [])
      .filter((address) => !kept.has(address));
    if (strays.length === 0) return;
    await this.#edge.run([{ verb: "drop", text: strays.map(onDevice).join("\n") }]);
  }

  /** Takes addresses away. */
  drop(addresses: readonly string[]): Promise<void> {
    if (addresses.length === 0) return Promise.resolve();
    // an address that is asked for after this is brought after this
    this.#waiting = undefined;
    return this.#exclusive(async () => {
      const held = addresses.filter((address) => this.#addresses.has(address));
      if (held.length === 0) return;
      await this.#edge.run([{ verb: "drop", text: held.map(onDevice).join("\n") }]);
      for (const address of held) this.#addresses.delete(address);
    });
  }

  /** Somebody took things away: everything is brought again next time. */
  doubt(): void {
    this.reset();
  }

  #wait() {
    const waiting: Waiting = { addresses: new Set(), calls: 0 };
    const done = this.#exclusive(() => {
      if (this.#waiting === waiting) this.#waiting = undefined;
      return this.#bring(waiting.addresses);
    });
    return this.#waiting = Object.assign(waiting, { done });
  }

  async #bring(addresses: Iterable<string>): Promise<void> {
    const added = [...new Set(addresses)].filter((address) => !this.#addresses.has(address));
    const nodes = this.#nodes;
    const endpoints = this.#specs.flatMap(endpointsOf);
    const needed = { wanted: wantedRoutes(nodes, endpoints), nodes, endpoints };
    const wanted = withLeavers(this.#routes, needed);
    const { add, drop } = routeChanges(this.#routes, wanted);
    const steps = [...routeSteps(add, drop), ...addressSteps(added)];
    if (steps.length === 0) return;
    await this.#edge.run(steps);
    for (const address of added) this.#addresses.add(address);
    this.#routes = wanted;
  }

  async #exclusive(work: () => Promise<void>): Promise<void> {
    const before = this.#turn;
    const done = Promise.withResolvers<void>();
    this.#turn = done.promise;
    await before;
    try {
      await work();
    } finally {
      done.resolve();
    }
  }
}

function routeSteps(add: readonly string[], drop: readonly string[]): readonly Step[] {
  // a node that just went takes its routes along: what is gone need not be removed
  const batch = (lines: readonly string[], force: string): readonly Step[] =>
    lines.length === 0 ? [] : [{
      verb: "ask",
      text: `${lines.map((line) => `ip ${line}`).join(` ${force} `)} ${force} true`,
    }];
  return [...batch(add, "&&"), ...batch(drop, "2>/dev/null;")];
}

function addressSteps(added: readonly string[]): readonly Step[] {
  if (added.length === 0) return [];
  return [
    { verb: "add", text: added.map(onDevice).join("\n") },
    { verb: "announce", text: `${DEVICE} ${added.join(" ")}` },
  ];
}

/** The address of a line of `ip -o address`, if it stands for no network. */
export function singleAddress(line: string): string | undefined {
  return /\binet6? ([0-9a-f.:]+)(?:\/(?:32|128))? /.exec(line)?.[1];
}

function onDevice(address: string): string {
  return `${address} ${DEVICE}`;
}
