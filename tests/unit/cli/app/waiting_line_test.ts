import assert from "assert";
import fc from "fast-check";
import { WaitingLine } from "../../../../lib/cli/app/waiting_line.ts";

/** Things that so many may have at a time, and keys that can use some of them. */
class World {
  readonly line = new WaitingLine({
    wake: (key) => this.woken.push(key),
    isFree: (thing) => this.holders(thing).length < (this.capacity.get(thing) ?? 1),
  });
  readonly woken: string[] = [];
  readonly capacity: ReadonlyMap<string, number>;
  readonly usable = new Map<string, readonly string[]>();
  readonly has = new Map<string, string>();

  constructor(capacities: readonly number[]) {
    this.capacity = new Map(capacities.map((capacity, i) => [`${i}`, capacity]));
  }

  holders(thing: string): readonly string[] {
    return [...this.has].filter(([, one]) => one === thing).map(([key]) => key);
  }

  /** Looks for a thing, as a woken or changed key does. */
  look(key: string): void {
    const chance = this.line.begin(key);
    const usable = this.usable.get(key);
    if (usable !== undefined && !this.has.has(key)) {
      const found = usable.find((thing) => this.#isFree(thing));
      if (found === undefined) this.line.add(key);
      else {
        this.has.set(key, found);
        this.line.delete(key);
      }
    }
    this.line.end(chance);
  }

  /** A key can use other things now, or is new; it looks later, as its event is queued. */
  change(key: string, usable: readonly string[]): void {
    const thing = this.has.get(key);
    this.usable.set(key, usable);
    if (thing !== undefined && !usable.includes(thing)) this.#letGo(key);
    this.woken.push(key);
  }

  remove(key: string): void {
    this.usable.delete(key);
    this.line.delete(key);
    this.#letGo(key);
  }

  /** Waiting keys that could be served now. */
  left(): readonly string[] {
    return [...this.usable].filter(([key, usable]) =>
      !this.has.has(key) && usable.some((thing) => this.#isFree(thing))
    ).map(([key]) => key);
  }

  #isFree(thing: string): boolean {
    return this.holders(thing).length < (this.capacity.get(thing) ?? 0);
  }

  #letGo(key: string): void {
    const thing = this.has.get(key);
    this.has.delete(key);
    if (thing !== undefined) this.line.freed(thing);
  }
}

const key = fc.constantFrom(..."abcdefgh");
const usable = fc.uniqueArray(fc.constantFrom("0", "1", "2"), { minLength: 1 });
const step = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("change" as const), key, usable }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("remove" as const), key }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("look" as const), at: fc.nat(2) }) },
);
const steps = fc.array(step, { minLength: 20, maxLength: 80, size: "max" });

Deno.test("WaitingLine leaves nobody waiting who could be served, in whatever order they look", () => {
  const capacities = fc.array(fc.integer({ min: 1, max: 2 }), { minLength: 3, maxLength: 3 });
  fc.assert(
    fc.property(capacities, steps, (sizes, steps) => {
      const world = new World(sizes);
      for (const one of steps) {
        if (one.kind === "change") world.change(one.key, one.usable);
        else if (one.kind === "remove") world.remove(one.key);
        else {
          const [next] = world.woken.splice(one.at % Math.max(world.woken.length, 1), 1);
          if (next !== undefined) world.look(next);
        }
      }
      for (let next = world.woken.shift(); next !== undefined; next = world.woken.shift()) {
        world.look(next);
      }
      assert.deepEqual(world.left(), []);
    }),
    { numRuns: 3_000 },
  );
});

Deno.test("WaitingLine wakes one of 4,000 for one thing, the one that waited longest", () => {
  const world = new World([2]);
  world.change("first", ["0"]);
  world.change("second", ["0"]);
  for (let i = 0; i < 4_000; i++) world.change(`waits-${i}`, ["0"]);
  for (const each of world.woken.splice(0)) world.look(each);
  assert.equal(world.line.size, 4_000);
  const looked: string[] = [];
  for (const gone of ["first", "second"]) {
    world.remove(gone);
    for (let next = world.woken.shift(); next !== undefined; next = world.woken.shift()) {
      looked.push(next);
      world.look(next);
    }
  }
  assert.deepEqual(looked, ["waits-0", "waits-1"]);
});

Deno.test("WaitingLine passes a thing on that the first in line cannot use", () => {
  const world = new World([1, 1]);
  for (const [each, thing] of [["x", "0"], ["y", "1"], ["a", "0"], ["b", "1"]] as const) {
    world.change(each, [thing]);
    world.look(each);
  }
  world.woken.splice(0);
  world.remove("y");
  assert.deepEqual(world.woken, ["a"]);
  world.look("a");
  assert.deepEqual(world.woken, ["a", "b"]);
  world.look("b");
  assert.equal(world.has.get("b"), "1");
});

Deno.test("WaitingLine passes a thing on when who was woken goes away before it looked", () => {
  const world = new World([1]);
  for (const each of ["x", "a", "b"]) world.change(each, ["0"]);
  for (const each of world.woken.splice(0)) world.look(each);
  world.remove("x");
  world.remove("a");
  assert.deepEqual(world.woken, ["a", "b"]);
  for (const each of world.woken.splice(0)) world.look(each);
  assert.equal(world.has.get("b"), "0");
});

Deno.test("WaitingLine.wakeAll() wakes everybody, and each keeps its place", () => {
  const world = new World([1]);
  for (const each of ["x", "a", "b"]) world.change(each, ["0"]);
  for (const each of world.woken.splice(0)) world.look(each);
  world.line.wakeAll();
  assert.deepEqual(world.woken.splice(0), ["a", "b"]);
  world.look("a");
  world.remove("x");
  assert.deepEqual(world.woken, ["a"]);
});
