import assert from "assert";
import { AddressProbe } from "../../../lib/clusters/address_probe.ts";
import { FakeClock } from "../../fakes/fake_clock.ts";

const mac = "02:42:ac:12:00:05";

/** A probe whose program answers at once. */
function probe(answer: (address: string) => string) {
  const made = new AddressProbe(new FakeClock());
  const lines: string[] = [];
  const write = (line: string) => {
    lines.push(line);
    made.hear(answer(line.trim()));
    return Promise.resolve();
  };
  return { made, lines, ask: (address: string) => made.ask(address, write) };
}

Deno.test("ask() tells who has an address, or that nobody has", async () => {
  const { ask, lines } = probe((address) =>
    address === "10.0.0.1" ? `taken ${address} ${mac}` : `free ${address}`
  );
  assert.equal(await ask("10.0.0.1"), mac);
  assert.equal(await ask("fd00::1"), undefined);
  assert.deepEqual(lines, ["10.0.0.1\n", "fd00::1\n"]);
});

Deno.test("ask() asks once for those who ask together", async () => {
  const made = new AddressProbe(new FakeClock());
  const lines: string[] = [];
  const write = (line: string) => Promise.resolve(void lines.push(line));
  const both = Promise.all([made.ask("10.0.0.1", write), made.ask("10.0.0.1", write)]);
  made.hear(`taken 10.0.0.1 ${mac}`);
  assert.deepEqual(await both, [mac, mac]);
  assert.deepEqual(lines, ["10.0.0.1\n"]);
});

Deno.test("ask() calls free what nobody can tell of: late, ended, or out of reach", async () => {
  const clock = new FakeClock();
  const made = new AddressProbe(clock);
  const late = made.ask("10.0.0.1", () => Promise.resolve());
  await clock.advance(500);
  assert.equal(await late, undefined);
  const ended = made.ask("10.0.0.1", () => Promise.resolve());
  made.end();
  assert.equal(await ended, undefined);
  const gone = made.ask("10.0.0.1", () => Promise.reject(new Error("the session has ended")));
  assert.equal(await gone, undefined);
  assert.equal(clock.sleeping, 0);
});

Deno.test("ask() trusts nobody who answers for every address", async () => {
  let fooling = true;
  const { ask, made } = probe((address) => fooling ? `taken ${address} ${mac}` : `free ${address}`);
  const found = [];
  for (let i = 1; i <= 9; i++) found.push(await ask(`10.0.0.${i}`));
  assert.deepEqual(found, [...Array(7).fill(mac), undefined, undefined]);
  assert.ok(made.isFooled);
  fooling = false;
  await ask("10.0.0.10");
  fooling = true;
  assert.equal(await ask("10.0.0.11"), mac);
});

Deno.test("hear() passes over what is no answer", () => {
  const made = new AddressProbe(new FakeClock());
  for (const line of ["", "held", "busy", "taken", "free"]) made.hear(line);
  assert.equal(made.isFooled, false);
});
