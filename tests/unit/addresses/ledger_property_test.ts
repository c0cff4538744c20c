import assert from "assert";
import fc from "fast-check";
import { decideAddresses, Ledger } from "../../../lib/addresses/mod.ts";
import { parsePoolConfig } from "../../../lib/pools/mod.ts";
import type { PoolConfig, PoolDecision } from "../../../lib/addresses/types.ts";
import { tryParseAddress } from "../../../lib/net/mod.ts";
import { AddressBed } from "../../fakes/address_bed.ts";

/** Pools that overlap, shrink, share and vanish. */
const CONFIGS: readonly Readonly<Record<string, string>>[] = [
  { "cidr-global": "10.0.0.0/28", "range-dev": "10.0.0.5-10.0.0.9" },
  { "cidr-global": "10.0.0.0/29", "cidr-dev": "10.0.0.0/28,fd00::/125" },
  { "cidr-global": "10.0.0.0/28", "allow-share-global": "true", "search-order": "desc" },
  { "pool-a": "{addresses: '10.0.0.4-10.0.0.12,fd00::/126', namespaces: [dev]}" },
  {},
];
const POLICIES = ["SingleStack", "PreferDualStack", "RequireDualStack"] as const;

/** What a Service has when its decision was written, as the API server remembers it. */
type Written = Map<string, { readonly addresses: readonly string[]; readonly ports: number }>;

const step = fc.record({
  op: fc.constantFrom("decide", "write", "write", "fail", "delete", "restart", "configure"),
  service: fc.nat(24),
  port: fc.constantFrom(80, 81),
  pinned: fc.option(fc.nat(17), { freq: 6 }),
  config: fc.nat(CONFIGS.length - 1),
});

function keyOf(service: number): string {
  return `${service % 2 === 0 ? "dev" : "prod"}/s${service}`;
}

/** No address of two Services, unless they share it on different ports. */
function assertUnique(written: Written): void {
  const seen = new Map<string, Set<number>>();
  for (const [key, { addresses, ports }] of written) {
    for (const address of addresses) {
      const others = seen.get(address) ?? new Set<number>();
      assert.ok(!others.has(ports), `${address} was given twice, to ${key} too`);
      seen.set(address, others.add(ports));
    }
  }
}

function inside({ pools }: PoolConfig, text: string): boolean {
  const address = tryParseAddress(text);
  return pools.some(({ ranges }) =>
    ranges.some(({ family, first, last }) =>
      address?.family === family && first <= address.value && address.value <= last
    )
  );
}

Deno.test("Ledger gives no address twice, loses none and leaves no pool, over any history", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 150, size: "max" }), (steps) => {
      let bed = new AddressBed(CONFIGS[0] ?? {});
      let data = CONFIGS[0] ?? {};
      const written: Written = new Map();
      /** Decisions on their way: made on a view that may have changed since. */
      const flying = new Map<string, { decision: PoolDecision; ports: number; pinned: boolean }>();
      for (const { op, service, port, pinned, config } of steps) {
        const key = keyOf(service);
        const flight = flying.get(key);
        if (op === "decide" && !flying.has(key)) {
          const held = written.get(key);
          const ports = held?.ports ?? port;
          const spec = {
            ports: [{ port: ports }],
            ipFamilyPolicy: POLICIES[service % 3] ?? "SingleStack",
          };
          const wish = pinned === null || held !== undefined
            ? { spec }
            : { spec: { ...spec, loadBalancerIP: `10.0.0.${pinned}` } };
          const decision = bed.decide(key, wish);
          if (held !== undefined) {
            const gone = held.addresses.filter((address) =>
              decision.kind !== "refuse" && !decision.addresses.includes(address)
            );
            assert.deepEqual(gone, [], "a Service loses what it has");
          }
          flying.set(key, { decision, ports, pinned: pinned !== null });
        } else if ((op === "write" || op === "fail") && flight !== undefined) {
          flying.delete(key);
          if (flight.decision.kind !== "take") continue;
          const { addresses, use } = flight.decision;
          const before = bed.ledger.held(key);
          if (!bed.ledger.commit(key, addresses, use).ok) continue;
          const fresh = addresses.filter((address) => !before.includes(address));
          const astray = fresh.filter((address) => !flight.pinned && !inside(bed.config, address));
          assert.deepEqual(astray, [], "an address outside the pools of that moment");
          if (op === "fail") bed.ledger.settle(key, before);
          else {
            bed.ledger.settle(key, addresses);
            written.set(key, { addresses, ports: flight.ports });
          }
        } else if (op === "delete" && !flying.has(key)) {
          bed.ledger.settle(key, []);
          written.delete(key);
        } else if (op === "configure") {
          data = CONFIGS[config] ?? {};
          bed.configure(data);
        } else if (op === "restart") {
          bed = restarted(data, written);
          flying.clear();
        }
        assertUnique(written);
      }
      for (const [key, { addresses }] of written) assert.deepEqual(bed.ledger.held(key), addresses);
    }),
    { numRuns: 300 },
  );
});

/** A new process reads what was written. */
function restarted(data: Readonly<Record<string, string>>, written: Written): AddressBed {
  const bed = new AddressBed(data);
  for (const [key, { addresses, ports }] of written) {
    // a Service that shares says so itself, whatever the ConfigMap says by now
    const use = { ports: [`TCP/${ports}`], sharingKey: "allow-share" };
    for (const address of addresses) assert.ok(bed.ledger.restore(key, address, use));
  }
  return bed;
}

Deno.test("decideAddresses() chooses inside the pools alone, whatever is used", () => {
  const used = fc.array(fc.nat(20), { maxLength: 20 });
  fc.assert(fc.property(fc.nat(CONFIGS.length - 2), used, fc.nat(2), (config, numbers, policy) => {
    const bed = new AddressBed(CONFIGS[config] ?? {});
    bed.use([...new Set(numbers)].map((n) => `10.0.0.${n}`));
    const decision = bed.decide("dev/x", { spec: { ipFamilyPolicy: POLICIES[policy] ?? "" } });
    if (decision.kind === "refuse") return;
    for (const address of decision.addresses) assert.ok(inside(bed.config, address), address);
  }));
});

Deno.test("decideAddresses() picks the address that a look at every one would pick", () => {
  const pools = fc.array(fc.tuple(fc.nat(40), fc.nat(12)), { minLength: 1, maxLength: 4 });
  const used = fc.array(fc.nat(60), { maxLength: 40 });
  fc.assert(fc.property(pools, used, fc.boolean(), (ranges, taken, desc) => {
    const text = ranges.map(([from, width]) => `10.0.0.${from + 1}-10.0.0.${from + 1 + width}`);
    const { config } = parsePoolConfig({
      "range-global": text.join(","),
      "search-order": desc ? "desc" : "asc",
    });
    const ledger = new Ledger(config.pools, config);
    const use = { ports: ["TCP/80"], sharingKey: "" };
    for (const n of new Set(taken)) ledger.restore(`u${n}`, `10.0.0.${n}`, use);
    const all = ranges.flatMap(([from, width]) =>
      Array.from({ length: width + 1 }, (_, i) => from + 1 + i)
    );
    const free = all.filter((n) => !taken.includes(n)).toSorted((a, b) => desc ? b - a : a - b);
    const decision = decideAddresses(new AddressBed({}).ask("a/a"), config, ledger);
    const wanted = free[0] === undefined ? "none" : `10.0.0.${free[0]}`;
    assert.equal(decision.kind === "refuse" ? "none" : decision.addresses[0], wanted);
  }));
});
