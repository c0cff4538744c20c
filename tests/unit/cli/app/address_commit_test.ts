import assert from "assert";
import { Ledger, networkPools } from "../../../../lib/addresses/mod.ts";
import { commitAddresses } from "../../../../lib/cli/app/address_commit.ts";

const use = { ports: ["TCP/80"], sharingKey: "" };
const [near, other] = ["172.18.255.7", "172.18.255.8"];

function ledger(): Ledger {
  return new Ledger(networkPools({ name: "kind", subnets: ["172.18.0.0/16"] }));
}

/** A network on which these addresses are in use, and what it was asked. */
function network(...used: readonly string[]) {
  const asked: string[] = [];
  const holderOf = (address: string) => {
    asked.push(address);
    return Promise.resolve(used.includes(address) ? "02:42:ac:12:00:05" : undefined);
  };
  return { asked, holderOf };
}

Deno.test("commitAddresses() gives what nobody on the network has", async () => {
  const place = { ledger: ledger(), ...network() };
  const { result } = await commitAddresses({ key: "a", addresses: [near, other], use }, place);
  assert.deepEqual(result, { ok: true });
  assert.deepEqual(place.asked, [near, other]);
  assert.deepEqual(place.ledger.held("a"), [near, other]);
});

Deno.test("commitAddresses() refuses what somebody on the network has, and remembers it", async () => {
  const place = { ledger: ledger(), ...network(other) };
  await commitAddresses({ key: "a", addresses: [near], use }, place);
  const { result, view } = await commitAddresses(
    { key: "a", addresses: [near, other], use },
    place,
  );
  assert.deepEqual(result, {
    ok: false,
    reason: "in-use",
    message: `address ${other} is used by somebody else on the network (02:42:ac:12:00:05): ` +
      `ask for another one`,
    reserved: true,
  });
  assert.deepEqual(place.ledger.held("a"), [near], "what it had stays");
  assert.deepEqual(view.held, [near]);
  assert.ok(place.ledger.taken(other, "a"));
});

Deno.test("commitAddresses() gives what a stranger had when the stranger is gone", async () => {
  const used = [near];
  const place = {
    ledger: ledger(),
    holderOf: (address: string) => Promise.resolve(used.includes(address) ? "02:42" : undefined),
  };
  const ask = () => commitAddresses({ key: "a", addresses: [near], use }, place);
  assert.ok(!(await ask()).result.ok);
  assert.ok(!(await ask()).result.ok, "it is still there");
  used.pop();
  assert.ok((await ask()).result.ok);
  place.ledger.reserve(other, "a container on network kind");
  const taken = await commitAddresses({ key: "a", addresses: [other], use }, place);
  assert.ok(!taken.result.ok, "what the engine gave is no stranger's");
});

Deno.test("commitAddresses() does not ask for what a key has, shares or cannot have", async () => {
  const place = { ledger: ledger(), ...network(near) };
  const shared = (port: string) => ({ ports: [`TCP/${port}`], sharingKey: "one" });
  place.ledger.adopt("a", near);
  place.ledger.restore("a", near, shared("80"));
  const own = await commitAddresses({ key: "a", addresses: [near], use: shared("81") }, place);
  assert.ok(own.result.ok);
  const second = await commitAddresses({ key: "b", addresses: [near], use: shared("90") }, place);
  assert.ok(second.result.ok);
  const third = await commitAddresses({ key: "c", addresses: [near], use }, place);
  assert.ok(!third.result.ok);
  assert.deepEqual(place.asked, []);
});

Deno.test("commitAddresses() keeps an address for its key while the network is asked", async () => {
  const answer = Promise.withResolvers<undefined>();
  const place = { ledger: ledger(), holderOf: () => answer.promise };
  const first = commitAddresses({ key: "a", addresses: [near], use }, place);
  const second = await commitAddresses({ key: "b", addresses: [near], use }, place);
  assert.ok(!second.result.ok);
  answer.resolve(undefined);
  assert.ok((await first).result.ok);
});

Deno.test("commitAddresses() asks nobody where there is no network", async () => {
  const place = { ledger: ledger() };
  assert.ok((await commitAddresses({ key: "a", addresses: [near], use }, place)).result.ok);
});
