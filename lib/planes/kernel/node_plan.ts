import type { Step } from "../agent/mod.ts";
import { baseTables, deleteTables } from "./base_tables.ts";
import type { Desired } from "./desired.ts";
import { type ListenerChange, listenerChange, listenerRemoval } from "./listener_diff.ts";
import { listenerRules } from "./listener_rules.ts";
import type { NodeMirror } from "./mirror.ts";
import { TABLE } from "./names.ts";
import type { NodeFacts } from "./types.ts";

/** Keys and addresses to look at on one node; one that fails must not hurt another. */
export interface Units {
  readonly keys: ReadonlySet<string>;
  readonly addresses: ReadonlySet<string>;
  readonly cleanups: readonly string[];
}

/** Everything that a plan is made of. */
export interface PlanInput {
  readonly node: NodeFacts;
  readonly desired: Desired;
  readonly mirror: NodeMirror;
  /** True when the address already answers on another node, so that leaving makes no gap. */
  readonly isServedElsewhere: (address: string) => boolean;
  /** Throws away whatever is in the tables, in the same transaction. */
  readonly replaces: boolean;
}

/** What to do on one node, and what it holds afterwards. */
export interface NodePlan {
  readonly keys: ReadonlySet<string>;
  readonly listeners: readonly ListenerChange[];
  readonly base: string | undefined;
  readonly learn: readonly string[];
  readonly forget: readonly string[];
  readonly add: readonly string[];
  readonly drop: readonly string[];
  readonly steps: readonly Step[];
}

/** Compares units of one node with what it holds. */
export function planNode(units: Units, input: PlanInput): NodePlan {
  const listeners = [...units.keys].flatMap((key) => keyChanges(key, input));
  const places = [...units.addresses].map((address) => placeOf(address, { units, input }));
  const plan = {
    keys: units.keys,
    listeners,
    learn: places.filter(({ learn }) => learn).map(({ address }) => address),
    forget: places.filter(({ forget }) => forget).map(({ address }) => address),
    add: places.filter(({ add }) => add).map(({ address }) => address),
    drop: places.filter(({ drop }) => drop).map(({ address }) => address),
  };
  const base = isEmptyAfter(plan, input.mirror) ? undefined : baseOf(input);
  return { ...plan, base, steps: stepsOf({ ...plan, base }, { units, input }) };
}

/** The node did what the plan says; with `rulesOnly` its addresses failed. */
export function commitPlan(plan: NodePlan, mirror: NodeMirror, rulesOnly = false): void {
  for (const change of plan.listeners) mirror.commit(change);
  for (const key of plan.keys) mirror.leftovers.delete(key);
  for (const address of plan.learn) mirror.known.add(address);
  for (const address of plan.forget) mirror.known.delete(address);
  for (const address of plan.drop) mirror.onDevice.delete(address);
  if (!rulesOnly) { for (const address of plan.add) mirror.onDevice.add(address); }
  mirror.base = plan.base;
}

function keyChanges(key: string, { node, desired, mirror }: PlanInput): readonly ListenerChange[] {
  const held = new Map(mirror.listenersOf(key).map((listener) => [listener.id, listener]));
  const changes: ListenerChange[] = [];
  for (const placed of desired.placed(key)) {
    const rules = listenerRules(placed, { node, nodes: desired.nodes });
    const change = listenerChange(held.get(placed.id), rules);
    if (change !== undefined) changes.push(change);
    held.delete(placed.id);
  }
  return [...[...held.values()].map(listenerRemoval), ...changes];
}

interface Place {
  readonly address: string;
  readonly learn: boolean;
  readonly forget: boolean;
  readonly add: boolean;
  readonly drop: boolean;
}

function placeOf(
  address: string,
  { units, input }: { readonly units: Units; readonly input: PlanInput },
): Place {
  const { node, desired, mirror, isServedElsewhere } = input;
  const isOld = !desired.isUsed(address) &&
    mirror.leftoversAt(address).some((key) => !units.keys.has(key));
  const isUsed = isOld || desired.isUsed(address);
  const isHere = desired.holder(address) === node.name;
  const isOn = mirror.onDevice.has(address);
  return {
    address,
    learn: isUsed && !mirror.known.has(address),
    forget: !isUsed && mirror.known.has(address),
    add: isHere && !isOn,
    drop: isOn && !isOld && !isHere && (!isUsed || isServedElsewhere(address)),
  };
}

type Changes = Omit<NodePlan, "steps">;

function isEmptyAfter(
  { listeners, learn, forget }: Pick<Changes, "listeners" | "learn" | "forget">,
  mirror: NodeMirror,
): boolean {
  const gone = listeners.filter(({ held }) => held === undefined).length;
  return listeners.length === gone && mirror.size === gone &&
    learn.length === 0 && mirror.known.size === forget.length;
}

function baseOf({ node, desired }: PlanInput): string {
  const others = [...desired.nodes.values()].filter(({ name }) => name !== node.name);
  return baseTables({
    device: node.device,
    forwards: node.forwards,
    peers: others.flatMap(({ mac }) => mac ?? []),
  });
}

function stepsOf(
  changes: Changes,
  { units, input }: { readonly units: Units; readonly input: PlanInput },
): readonly Step[] {
  const { device } = input.node;
  const lines = (addresses: readonly string[]) =>
    addresses.map((address) => `${address} ${device}\n`).join("");
  const steps: Step[] = [
    { verb: "drop", text: lines(changes.drop) },
    { verb: "nft", text: rulesText(changes, input) },
    { verb: "flows", text: units.cleanups.join("\n") },
    { verb: "add", text: lines(changes.add) },
    { verb: "announce", text: changes.add.length > 0 ? [device, ...changes.add].join(" ") : "" },
  ];
  return steps.filter(({ text }) => text !== "");
}

function rulesText(changes: Changes, { mirror, replaces }: PlanInput): string {
  if (changes.base === undefined) {
    return mirror.base === undefined && !replaces ? "" : deleteTables();
  }
  return [
    replaces ? deleteTables() : "",
    changes.base === mirror.base ? "" : changes.base,
    ...changes.forget.map((address) => setElement("delete", address)),
    ...changes.listeners.map(({ text }) => text),
    ...changes.learn.map((address) => setElement("add", address)),
  ].join("");
}

function setElement(verb: "add" | "delete", address: string): string {
  const suffix = address.includes(":") ? "6" : "4";
  return `${verb} element inet ${TABLE} addresses${suffix} { ${address} }\n`;
}
