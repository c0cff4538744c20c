import assert from "assert";
import { AddressBook } from "../../../../lib/cli/app/address_book.ts";
import { AppError } from "../../../../lib/core/mod.ts";
import { settle } from "../../../fakes/fake_clock.ts";
import { FakeEngine } from "../../../fakes/fake_engine.ts";

const use = { ports: ["TCP/80"], sharingKey: "" };

function engine(): FakeEngine {
  const fake = new FakeEngine();
  fake.addNetwork({
    name: "kind",
    subnets: ["172.18.0.0/16"],
    gateways: ["172.18.0.1"],
    ranges: [],
  });
  return fake;
}

function container(fake: FakeEngine, name: string, ipv4: string): void {
  fake.run({ name, networks: { kind: { ipv4 } } });
}

Deno.test("ledger() takes out what the engine uses", async () => {
  const fake = engine();
  container(fake, "node", "172.18.255.7");
  const ledger = await new AddressBook(fake).ledger("kind");
  for (
    const [address, by] of [
      ["172.18.0.1", "the gateway of network kind"],
      ["172.18.255.7", "a container on network kind"],
    ] as const
  ) {
    const result = ledger.commit("one/ns/web", [address], use);
    assert.ok(!result.ok);
    assert.match(result.message, new RegExp(`is used by ${by}: ask for another one$`));
  }
});

Deno.test("ledger() is one for each network, however many ask at once", async () => {
  const fake = engine();
  fake.addNetwork({ name: "other", subnets: ["10.9.0.0/16"], gateways: [], ranges: [] });
  const book = new AddressBook(fake);
  const [a, b, c] = await Promise.all(["kind", "kind", "other"].map((name) => book.ledger(name)));
  assert.equal(a, b);
  assert.notEqual(a, c);
});

Deno.test("ledger() tries again after a failure", async () => {
  const fake = engine();
  const book = new AddressBook(fake);
  fake.failure = new AppError("engine is away", { kind: "unavailable" });
  await assert.rejects(book.ledger("kind"), { message: "engine is away" });
  fake.failure = undefined;
  assert.equal((await book.ledger("kind")).pools.length, 3);
});

Deno.test("follow() takes out and gives back what containers take and leave", async () => {
  const fake = engine();
  const book = new AddressBook(fake);
  const ledger = await book.ledger("kind");
  const stop = new AbortController();
  const following = book.follow(stop.signal);
  await settle();
  fake.addNetwork({ name: "other", subnets: ["10.9.0.0/16"], gateways: [], ranges: [] });
  const tries = async () => {
    await settle();
    const { ok } = ledger.commit("one/ns/web", ["172.18.255.7"], use);
    ledger.settle("one/ns/web", []);
    return ok;
  };
  assert.equal(await tries(), true);
  container(fake, "node", "172.18.255.7");
  assert.equal(await tries(), false);
  fake.failure = new AppError("engine is away", { kind: "unavailable" });
  fake.resync();
  assert.equal(await tries(), false);
  fake.failure = undefined;
  fake.remove("node");
  fake.resync();
  assert.equal(await tries(), true);
  stop.abort();
  await following;
});

Deno.test("follow() leaves a Service its address that a container was given as well", async () => {
  const fake = engine();
  const book = new AddressBook(fake);
  const ledger = await book.ledger("kind");
  ledger.commit("one/ns/web", ["172.18.255.7"], use);
  const stop = new AbortController();
  const following = book.follow(stop.signal);
  container(fake, "node", "172.18.255.7");
  await settle();
  assert.deepEqual(ledger.held("one/ns/web"), ["172.18.255.7"]);
  assert.deepEqual(ledger.clash("172.18.255.7"), ["one/ns/web"]);
  stop.abort();
  await following;
});
