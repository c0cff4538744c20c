import assert from "assert";
import { type Reopenable, Reopener } from "../../../../lib/planes/kernel/reopener.ts";
import { FakeClock, settle } from "../../../fakes/fake_clock.ts";

class FakeLink implements Reopenable {
  isOpen = false;
  readonly log: string[] = [];
  /** What opening does; set by the test. */
  outcome: () => Promise<void> = () => Promise.resolve();

  expect(): void {
    this.log.push("expect");
  }

  async open(container: string): Promise<void> {
    this.log.push(`open ${container}`);
    await this.outcome();
    this.isOpen = true;
  }

  giveUp(): void {
    this.isOpen = false;
    this.log.push("giveUp");
  }

  close(): Promise<void> {
    this.isOpen = false;
    this.log.push("close");
    return Promise.resolve();
  }
}

function setUp() {
  const clock = new FakeClock(0);
  const link = new FakeLink();
  const changed = (one: FakeLink) => {
    one.log.push(`changed ${one.isOpen}`);
    return Promise.resolve();
  };
  return { clock, link, reopener: new Reopener<FakeLink>({ clock, changed }) };
}

Deno.test("Reopener.follow() opens, keeps and closes with the container", async () => {
  const { link, reopener } = setUp();
  await reopener.follow(link, "c1");
  assert.deepEqual(link.log, ["expect", "close", "expect", "open c1", "changed true"]);
  link.log.length = 0;
  await reopener.follow(link, "c1");
  assert.deepEqual(link.log, []);
  await reopener.follow(link, "c2");
  assert.ok(link.log.includes("open c2"));
  await reopener.follow(link, undefined);
  assert.equal(link.isOpen, false);
});

Deno.test("Reopener.follow() returns after the first try and goes on trying", async () => {
  const { clock, link, reopener } = setUp();
  link.outcome = () => Promise.reject(new Error("no"));
  const following = reopener.follow(link, "c1");
  await following;
  assert.deepEqual(link.log.slice(3), ["open c1", "giveUp", "changed false"]);
  link.outcome = () => Promise.resolve();
  await clock.advance(100);
  assert.deepEqual(link.log.slice(6), ["open c1", "changed true"]);
});

Deno.test("Reopener.retry() gives a lost session a moment before its node counts as dead", async () => {
  const { clock, link, reopener } = setUp();
  await reopener.follow(link, "c1");
  link.log.length = 0;
  reopener.retry(link);
  await settle();
  assert.deepEqual(link.log, ["open c1", "changed true"]);

  link.log.length = 0;
  const gate = Promise.withResolvers<void>();
  link.isOpen = false;
  link.outcome = () => gate.promise;
  reopener.retry(link);
  await clock.advance(299);
  assert.deepEqual(link.log, ["open c1"]);
  await clock.advance(1);
  assert.deepEqual(link.log, ["open c1", "giveUp", "changed false"]);
  gate.resolve();
  await settle();
  assert.deepEqual(link.log.slice(3), ["changed true"]);
});

Deno.test("Reopener.retry() gives up at once what nobody follows", () => {
  const { link, reopener } = setUp();
  reopener.retry(link);
  assert.deepEqual(link.log, ["giveUp"]);
});

Deno.test("Reopener stops trying after its last delay, and when told", async () => {
  const { clock, link, reopener } = setUp();
  link.outcome = () => Promise.reject(new Error("no"));
  await reopener.follow(link, "c1");
  await clock.advance(3_600_000);
  assert.equal(link.log.filter((line) => line === "open c1").length, 9);
  await reopener.follow(link, "c1");
  const stopping = reopener.stop(link);
  await clock.advance(3_600_000);
  await stopping;
  assert.equal(clock.sleeping, 0);
  assert.equal(link.log.filter((line) => line === "open c1").length, 10);
});
