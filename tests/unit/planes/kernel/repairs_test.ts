import assert from "assert";
import { Repairs } from "../../../../lib/planes/kernel/repairs.ts";
import { FakeClock, settle } from "../../../fakes/fake_clock.ts";

function repairs(clock: FakeClock) {
  const mended: number[] = [];
  const mend = () => {
    mended.push(clock.now());
    return Promise.resolve();
  };
  return { mended, repairs: new Repairs<string>({ clock, mend }) };
}

Deno.test("Repairs mends at once, place by place", async () => {
  const clock = new FakeClock(0);
  const { mended, repairs: one } = repairs(clock);
  await Promise.all([one.damaged("a"), one.damaged("b")]);
  assert.deepEqual(mended, [0, 0]);
});

Deno.test("Repairs waits ever longer when damage does not end, and forgets after a while", async () => {
  const clock = new FakeClock(0);
  const { mended, repairs: one } = repairs(clock);
  for (let i = 0; i < 8; i++) await one.damaged("a");
  const late = [one.damaged("a"), one.damaged("a")];
  await clock.advance(249);
  assert.equal(mended.length, 8);
  await clock.advance(1);
  await Promise.all(late);
  assert.deepEqual(mended.slice(8), [250]);
  const later = one.damaged("a");
  await clock.advance(500);
  await later;
  assert.deepEqual(mended.slice(9), [750]);
  await clock.advance(30_000);
  await one.damaged("a");
  assert.equal(mended.at(-1), 30_750);
});

Deno.test("Repairs mends nothing more once disposed", async () => {
  const clock = new FakeClock(0);
  const { mended, repairs: one } = repairs(clock);
  for (let i = 0; i < 8; i++) await one.damaged("a");
  const late = one.damaged("a");
  await settle();
  one[Symbol.dispose]();
  await late;
  assert.equal(mended.length, 8);
  assert.equal(clock.sleeping, 0);
});
