import assert from "assert";
import type { FamilyPolicy } from "../../../lib/addresses/types.ts";
import type { IpFamily } from "../../../lib/proxy/types.ts";
import { AddressBed } from "../../fakes/address_bed.ts";

/** `192.168. 0.1 0.2` → both whole; "" → none. */
function list(prefix: string, ends: string): readonly string[] {
  return ends === "" ? [] : ends.split(" ").map((end) => prefix + end);
}

function flags(letters: string): Readonly<Record<string, string>> {
  return {
    ...letters.includes("D") ? { "search-order": "desc" } : {},
    ...letters.includes("S") ? { "skip-end-ips-in-cidr": "true" } : {},
  };
}

type Row = readonly [
  id: string,
  pool: string,
  used: readonly string[],
  flags: string,
  wanted: string,
];

const E7 = "192.168.0.10-192.168.0.11,192.168.1.20-192.168.1.21";
const E8 = "192.168.0.10-192.168.0.11,192.168.1.20-192.168.1.22";
const E15 = "fe80::10-fe80::12,fe81::20-fe81::21";
const NINE = "192.168.0.200/30,192.168.0.200/29";
const ROWS: readonly Row[] = [
  ["E1", "192.168.0.10-192.168.0.10", [], "", "192.168.0.10"],
  ["E2", "192.168.0.10-192.168.0.10", [], "D", "192.168.0.10"],
  ["E3", "192.168.0.10-192.168.0.12", [], "", "192.168.0.10"],
  ["E4", "192.168.0.10-192.168.0.12", [], "D", "192.168.0.12"],
  ["E5", "192.168.0.253-192.168.1.2", list("192.168.", "0.253 0.254"), "", "192.168.1.1"],
  ["E6", "192.168.0.253-192.168.1.2", list("192.168.", "1.1 1.2"), "D", "192.168.0.254"],
  ["E7", E7, list("192.168.", "0.9 0.10"), "", "192.168.0.11"],
  ["E8", E8, list("192.168.", "1.21 1.22"), "D", "192.168.1.20"],
  ["E9", "fe80::13-fe80::14", [], "", "fe80::13"],
  ["E10", "fe80::13-fe80::14", [], "D", "fe80::14"],
  ["E11", "fe80::13-fe80::15", [], "", "fe80::13"],
  ["E12", "fe80::13-fe80::15", [], "D", "fe80::15"],
  ["E13", "fe80::ffff-fe80::1:3", ["fe80::ffff"], "", "fe80::1:0"],
  ["E14", "fe80::ffff-fe80::1:3", list("fe80::1:", "3 2 1 0"), "D", "fe80::ffff"],
  ["E15", E15, list("fe80::", "10 11 12"), "", "fe81::20"],
  ["E16", E15, list("fe81::", "21 20"), "D", "fe80::12"],
  ["F1", "192.168.0.200/30", [], "", "192.168.0.200"],
  ["F2", "192.168.0.200/30", [], "S", "192.168.0.201"],
  ["F3", "192.168.0.200/30", [], "D", "192.168.0.203"],
  ["F4", "192.168.0.200/30", [], "DS", "192.168.0.202"],
  ["F5", "192.168.0.10/24", [], "", "192.168.0.1"],
  ["F6", "192.168.0.10/24", [], "D", "192.168.0.254"],
  ["F7", "192.168.0.255/30", list("192.168.0.", "252 253 254"), "", "exhausted"],
  ["F8", "192.168.0.255/30", list("192.168.0.", "252 253 254"), "D", "exhausted"],
  ["F9", NINE, list("192.168.0.", "201 202"), "", "192.168.0.200"],
  ["F10", NINE, list("192.168.0.", "201 202"), "S", "192.168.0.203"],
  ["F11", NINE, list("192.168.0.", "201 202"), "D", "192.168.0.207"],
  ["F12", NINE, list("192.168.0.", "201 202"), "DS", "192.168.0.206"],
  ["F13", "2001::49fe/127", [], "", "2001::49fe"],
  ["F14", "2001::49fe/127", [], "S", "2001::49fe"],
  ["F15", "2001::49fe/127", [], "D", "2001::49ff"],
  ["F16", "2001::49fe/127", list("2001::", "49fe 49ff"), "", "exhausted"],
  ["F17", "2001::49fe/127", list("2001::", "49fe 49ff"), "D", "exhausted"],
  ["F18", "2001::10/126,2001::12/127", list("2001::", "10 11"), "", "2001::12"],
  ["F19", "2001::10/126,2001::12/127", list("2001::", "10 11"), "D", "2001::13"],
];

for (const [id, pool, used, letters, wanted] of ROWS) {
  Deno.test(`${id} fromPool() picks from ${pool} ${letters}`, () => {
    const bed = new AddressBed({ "cidr-global": pool, ...flags(letters) }).use(used);
    assert.equal(bed.serve("default/web").replace(/:? no addresses.*/, ""), wanted);
  });
}

const UNKNOWN = [
  ...list("10.10.10.", "8 9 10 12"),
  ...list("172.16.0.", "3 4"),
  ...list("192.168.1.", "1 2"),
];
const H7 = "fe80::ffff-fe80::1:3";
const H: readonly Row[] = [
  ["H1", "10.10.10.8/29", list("10.10.10.", "8 9 10 12"), "system", "10.10.10.11"],
  ["H2", "192.168.1.1/24", UNKNOWN, "unknown", "192.168.1.3"],
  ["H3", "fe80::10/126", list("fe80::", "10 11 12"), "system", "fe80::13"],
  ["H4", "fe80::10/126", list("fe80::", "10 11 12"), "unknown", "fe80::13"],
  ["H5", "10.10.10.8-10.10.10.15", list("10.10.10.", "8 9 10 12"), "system", "10.10.10.11"],
  ["H6", "192.168.1.1-192.168.1.254", UNKNOWN, "unknown", "192.168.1.3"],
  ["H7", H7, list("fe80::", "ffff 1:0 1:1"), "system", "fe80::1:2"],
  ["H8", H7, list("fe80::", "ffff 1:0 1:1"), "unknown", "fe80::1:2"],
];

for (const [id, pool, used, namespace, wanted] of H) {
  Deno.test(`${id} fromPool() finds an address in ${pool} for namespace ${namespace}`, () => {
    const key = namespace === "system" ? "cidr-system" : "range-global";
    const bed = new AddressBed({ [key]: pool }).use(used);
    assert.equal(bed.serve(`${namespace}/web`), wanted);
  });
}

const P4 = "10.10.10.8-10.10.10.15";
const P6 = "fd00::1-fd00::10";
const PD = `${P4},${P6}`;
const PS = "10.10.10.8-10.10.10.9,fd00::1-fd00::2";
const U4 = list("10.10.10.", "8 9 10 12");
const U6 = list("fd00::", "1 2 4");
const S4 = list("10.10.10.", "8 9");
const S6 = list("fd00::", "1 2");
const POLICIES: Readonly<Record<string, FamilyPolicy>> = {
  S: "SingleStack",
  P: "PreferDualStack",
  R: "RequireDualStack",
};
const FAMILIES: Readonly<Record<string, IpFamily>> = { "4": "IPv4", "6": "IPv6" };

/** `P46`: prefer, families IPv4 and IPv6; `nil`: neither is set. */
function spec(ask: string) {
  const [policy = "", ...families] = ask === "nil" ? [] : [...ask];
  return {
    ...POLICIES[policy] === undefined ? {} : { ipFamilyPolicy: POLICIES[policy] },
    ...families.length === 0 ? {} : { ipFamilies: families.flatMap((f) => FAMILIES[f] ?? []) },
  };
}

/** `shared` is the address that the Service may share: others use it on another port. */
type IRow = readonly [
  id: string,
  ask: string,
  pool: string,
  used: readonly string[],
  shared: string,
  wanted: string,
];

const I: readonly IRow[] = [
  ["I1", "nil", P4, U4, "", "10.10.10.11"],
  ["I2", "S4", P4, U4, "", "10.10.10.11"],
  ["I3", "S4", P4, U4, "10.10.10.9", "10.10.10.9"],
  ["I4", "nil", P6, U6, "", "fd00::3"],
  ["I5", "S6", P6, U6, "", "fd00::3"],
  ["I6", "S4", P6, [], "", "family"],
  ["I7", "S6", P4, [], "", "family"],
  ["I8", "P46", P4, U4, "", "10.10.10.11"],
  ["I9", "P46", P4, U4, "10.10.10.10", "10.10.10.10"],
  ["I10", "P46", P6, U6, "", "fd00::3"],
  ["I11", "P", PD, [], "", "10.10.10.8,fd00::1"],
  ["I12", "P46", PD, [], "", "10.10.10.8,fd00::1"],
  ["I13", "P64", PD, [], "", "fd00::1,10.10.10.8"],
  ["I14", "P46", PD, U4, "10.10.10.8", "10.10.10.8,fd00::1"],
  ["I15", "P64", PD, U4, "10.10.10.8", "fd00::1,10.10.10.8"],
  ["I16", "P46", PS, S6, "", "10.10.10.8"],
  ["I17", "P46", PS, S4, "", "fd00::1"],
  ["I18", "P46", PS, S6, "", "10.10.10.8"],
  ["I19", "P46", PS, S4, "", "fd00::1"],
  ["I20", "P46", PS, [...S4, ...S6], "", "exhausted"],
  ["I22", "R46", P4, [], "", "family"],
  ["I23", "R46", P6, [], "", "family"],
  ["I24", "R46", "", [], "", "no-pool"],
  ["I25", "R46", PD, [], "", "10.10.10.8,fd00::1"],
  ["I26", "R64", PD, [], "", "fd00::1,10.10.10.8"],
  ["I27", "R46", PS, S6, "", "exhausted"],
  ["I28", "R46", PS, S4, "", "exhausted"],
  ["I29", "R46", PS, S6, "", "exhausted"],
  ["I30", "R46", PS, S4, "", "exhausted"],
  ["I31", "R46", PS, [...S4, ...S6], "", "exhausted"],
];

for (const [id, ask, pool, used, shared, wanted] of I) {
  Deno.test(`${id} fromPool() gives ${ask} out of ${pool || "nothing"}`, () => {
    const bed = new AddressBed({ "range-global": pool, "allow-share-global": "true" })
      .use(used.filter((address) => address !== shared));
    if (shared !== "") bed.use([shared], { ports: ["TCP/81"], sharingKey: "allow-share" });
    const before = bed.ledger.held("default/web");
    const answer = bed.serve("default/web", { spec: spec(ask) });
    assert.equal(answer.replace(/^([a-z]+(?:-[a-z]+)?): .*$/, "$1"), wanted);
    if (!/[.:]\d|::/.test(wanted)) assert.deepEqual(bed.ledger.held("default/web"), before);
  });
}

// the peer refuses such a pool as a whole; here the good entries go on serving
Deno.test("I21 fromPool() serves from the good entries, and the bad one is reported", () => {
  const bed = new AddressBed({ "range-global": `${PS},invalid-pool` });
  assert.deepEqual(bed.problems.map(({ key, value }) => [key, value]), [
    ["range-global", "invalid-pool"],
  ]);
  assert.equal(bed.serve("default/web", { spec: spec("P46") }), "10.10.10.8,fd00::1");
});

Deno.test("fromPool() says which family ran out when the other one serves", () => {
  const bed = new AddressBed({ "range-global": PS }).use(S6);
  const decision = bed.decide("default/web", { spec: spec("P46") });
  assert.ok(decision.kind === "take");
  assert.match(
    decision.warnings[0] ?? "",
    /no addresses available in \[default\] range \[fd00::1-/,
  );
});

Deno.test("fromPool() gives a Service of a single-stack cluster no address of the other family alone", () => {
  const bed = new AddressBed({ "range-global": PS }).use(S4);
  const one = { spec: { ipFamilyPolicy: "PreferDualStack", ipFamilies: ["IPv4" as const] } };
  assert.match(bed.serve("default/web", one), /^exhausted: /);
});
