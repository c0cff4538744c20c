import assert from "assert";
import type { Settled } from "../../../../lib/addresses/types.ts";
import { StarvedKeys } from "../../../../lib/cli/app/starved_keys.ts";
import { ledgerOf } from "../../../fakes/controller_bed.ts";

const use = { ports: ["TCP/80"], sharingKey: "" };

Deno.test("StarvedKeys wakes one key for one address, in every cluster on the ledger", () => {
  const woken: string[] = [];
  const [ledger, other] = [ledgerOf("172.18.0.0/24"), ledgerOf("172.18.0.0/24")];
  const freed = (settled: Settled, of: typeof ledger) => {
    for (const each of all) each.addressesFreed(settled, of);
  };
  const all = [["one", ledger], ["two", ledger], ["three", other]].map(([cluster, ledger]) => {
    const wake = (key: string) => woken.push(`${cluster} ${key}`);
    return new StarvedKeys({
      cluster: cluster as string,
      ledger: ledger as typeof other,
      wake,
      freed,
    });
  });
  for (const each of all) {
    each.add("ns/a");
    each.add("ns/b");
  }
  ledger.commit("one/ns/web", ["172.18.0.9"], use);
  all[0]?.released(ledger.settle("one/ns/web", []));
  assert.deepEqual(woken.splice(0), ["one ns/a", "two ns/a"]);
  // what the first one took is of no use to the next
  const [first] = all;
  const chance = first?.begin("ns/a");
  ledger.commit("one/ns/a", ["172.18.0.9"], use);
  first?.end(chance);
  assert.deepEqual(woken, []);
});

Deno.test("StarvedKeys wakes who has the address already that it claimed", () => {
  const woken: string[] = [];
  const ledger = ledgerOf("172.18.0.0/24");
  const keys = new StarvedKeys({ cluster: "one", ledger, wake: (key) => woken.push(key) });
  for (const key of ["ns/a", "ns/b"]) keys.add(key);
  ledger.restore("one/ns/web", "172.18.0.9", use);
  ledger.restore("one/ns/b", "172.18.0.9", use);
  keys.released(ledger.settle("one/ns/web", []));
  assert.deepEqual(woken, ["ns/b"]);
});
