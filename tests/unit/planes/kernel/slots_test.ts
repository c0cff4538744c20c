import assert from "assert";
import fc from "fast-check";
import type { Endpoint } from "../../../../lib/proxy/types.ts";
import { assignSlots, endpointId } from "../../../../lib/planes/kernel/slots.ts";
import type { SlotTable } from "../../../../lib/planes/kernel/types.ts";

const NODES = ["a", "b", "c"];

function endpoint(number: number): Endpoint {
  const node = NODES[number % NODES.length] ?? "a";
  return { address: `10.0.${number >> 8}.${number & 255}`, port: 80, node };
}

const numbers = fc.uniqueArray(fc.integer({ min: 0, max: 999 }), { minLength: 1, maxLength: 40 });
const history = fc.array(numbers, { minLength: 1, maxLength: 6 });

function replay(steps: readonly (readonly number[])[]): SlotTable {
  return steps.reduce<SlotTable>(
    (previous, step) => assignSlots({ previous, endpoints: step.map(endpoint) }),
    [],
  );
}

function counts(table: SlotTable): readonly number[] {
  return [...Map.groupBy(table, (id) => id).values()].map((slots) => slots.length);
}

Deno.test("assignSlots() gives nobody anything when there is no endpoint", () => {
  assert.deepEqual(assignSlots({ previous: ["10.0.0.1 . 80"], endpoints: [] }), []);
});

Deno.test("assignSlots() shares evenly after any history", () => {
  fc.assert(fc.property(history, (steps) => {
    const table = replay(steps);
    const all = counts(table);
    const last = steps.at(-1) ?? [];
    assert.equal(all.length, last.length);
    assert.ok(Math.max(...all) - Math.min(...all) <= 1);
    assert.equal(table.length & (table.length - 1), 0);
    assert.ok(table.length >= 8 * last.length);
    assert.deepEqual(new Set(table), new Set(last.map((one) => endpointId(endpoint(one)))));
  }));
});

Deno.test("assignSlots() moves nobody but the leavers' slots", () => {
  fc.assert(fc.property(history, fc.nat(), (steps, pick) => {
    const before = replay(steps);
    const last = steps.at(-1) ?? [];
    const leaver = last[pick % last.length] ?? 0;
    const staying = last.filter((one) => one !== leaver).map(endpoint);
    const after = assignSlots({ previous: before, endpoints: staying });
    for (const [slot, owner] of after.entries()) {
      if (before[slot] !== endpointId(endpoint(leaver))) assert.equal(owner, before[slot]);
    }
  }));
});

Deno.test("assignSlots() gives a joiner its share and moves nothing else", () => {
  fc.assert(fc.property(history, (steps) => {
    const last = steps.at(-1) ?? [];
    const joiner = endpoint(1_000);
    const stretch = assignSlots({
      previous: replay(steps),
      endpoints: [...last.map(endpoint), joiner],
    });
    const scale = stretch.length / replay(steps).length;
    const before = replay(steps).flatMap((owner) => Array.from({ length: scale }, () => owner));
    const moved = stretch.filter((owner, slot) => owner !== before[slot]);
    assert.ok(moved.every((owner) => owner === endpointId(joiner)));
    assert.ok(moved.length <= Math.ceil(stretch.length / (last.length + 1)));
  }));
});

Deno.test("assignSlots() doubles by repeating each slot, as the kernel's scaled hash needs", () => {
  const before = replay([[1, 2]]);
  const after = assignSlots({ previous: before, endpoints: [1, 2, 3, 4, 5].map(endpoint) });
  assert.equal(after.length, before.length * 4);
  const kept = after.filter((owner, slot) => owner === before[slot >> 2]);
  assert.ok(kept.length >= Math.floor(after.length * 2 / 5));
});

Deno.test("assignSlots() is the same for the same input", () => {
  fc.assert(fc.property(history, (steps) => assert.deepEqual(replay(steps), replay(steps))));
});

Deno.test("assignSlots() keeps a slot on its node when an endpoint there can take it", () => {
  const old = [endpoint(0), endpoint(1), endpoint(2)];
  const fresh = [endpoint(3), endpoint(4), endpoint(5)];
  const previous = assignSlots({ previous: [], endpoints: old });
  const homes = new Map(old.map((one) => [endpointId(one), one.node ?? ""]));
  const after = assignSlots({ previous, homes, endpoints: fresh });
  const nodeOf = new Map([...homes, ...fresh.map((one) => [endpointId(one), one.node] as const)]);
  const moved = after.filter((owner, slot) =>
    nodeOf.get(owner) !== nodeOf.get(previous[slot] ?? "")
  );
  assert.ok(moved.length <= 2, `${moved.length} slots changed their node`);
});
