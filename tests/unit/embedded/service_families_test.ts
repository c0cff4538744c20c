import assert from "assert";
import { decideFamilies, familyCauses } from "../../../lib/embedded/service_families.ts";
import type { ServiceSpec } from "../../../lib/embedded/service_types.ts";

const SINGLE = ["IPv4"];
const DUAL = ["IPv4", "IPv6"];

function decided(spec: ServiceSpec, families: readonly string[], previous?: ServiceSpec): string {
  const result = decideFamilies(spec, { families, previous });
  if ("causes" in result) return result.causes.map((cause) => `! ${cause.field}`).join(" ");
  return `${result.spec.ipFamilyPolicy} ${result.spec.ipFamilies?.join()}`;
}

const OLD: ServiceSpec = {
  clusterIP: "10.96.0.1",
  clusterIPs: ["10.96.0.1", "fd00::1"],
  ipFamilies: DUAL,
  ipFamilyPolicy: "PreferDualStack",
};

const CASES: readonly (readonly [string, ServiceSpec, readonly string[], string, ServiceSpec?])[] =
  [
    ["nothing said", {}, DUAL, "SingleStack IPv4"],
    ["the other family", { ipFamilies: ["IPv6"] }, DUAL, "SingleStack IPv6"],
    [
      "preferred on one family",
      { ipFamilyPolicy: "PreferDualStack" },
      SINGLE,
      "PreferDualStack IPv4",
    ],
    ["preferred on two", { ipFamilyPolicy: "PreferDualStack" }, DUAL, "PreferDualStack IPv4,IPv6"],
    [
      "order kept",
      { ipFamilyPolicy: "RequireDualStack", ipFamilies: ["IPv6"] },
      DUAL,
      "RequireDualStack IPv6,IPv4",
    ],
    [
      "required on one family",
      { ipFamilyPolicy: "RequireDualStack" },
      SINGLE,
      "! spec.ipFamilyPolicy",
    ],
    ["an unknown family", { ipFamilies: ["IPv6"] }, SINGLE, "! spec.ipFamilies[0]"],
    [
      "families of addresses",
      { clusterIP: "fd00::1", clusterIPs: ["fd00::1"] },
      DUAL,
      "SingleStack IPv6",
    ],
    ["two without a policy", { ipFamilies: DUAL }, DUAL, "! spec.ipFamilyPolicy"],
    [
      "headless without selector",
      { clusterIP: "None", clusterIPs: ["None"] },
      SINGLE,
      "RequireDualStack IPv4,IPv6",
    ],
    [
      "headless with selector",
      { clusterIP: "None", clusterIPs: ["None"], selector: { a: "b" } },
      SINGLE,
      "SingleStack IPv4",
    ],
    [
      "the stored policy",
      { clusterIPs: OLD.clusterIPs ?? [], clusterIP: "10.96.0.1", ipFamilies: DUAL },
      DUAL,
      "PreferDualStack IPv4,IPv6",
      OLD,
    ],
    ["back to one", { ...OLD, ipFamilyPolicy: "SingleStack" }, DUAL, "SingleStack IPv4", OLD],
    [
      "one address left without saying so",
      { ...OLD, clusterIPs: ["10.96.0.1"] },
      DUAL,
      "! spec.ipFamilyPolicy",
      OLD,
    ],
  ];

for (const [name, spec, families, expected, previous] of CASES) {
  Deno.test(`decideFamilies() of ${name} is ${expected}`, () => {
    assert.equal(decided(spec, families, previous), expected);
  });
}

const BROKEN: readonly (readonly [string, ServiceSpec])[] = [
  ["spec.clusterIPs", { clusterIP: "10.0.0.1" }],
  ["spec.clusterIPs", { clusterIPs: ["10.0.0.1"] }],
  ["spec.clusterIPs", { clusterIP: "10.0.0.1", clusterIPs: ["10.0.0.2"] }],
  ["spec.clusterIPs[0]", { clusterIP: "x", clusterIPs: ["x"] }],
  ["spec.clusterIPs", { clusterIP: "None", clusterIPs: ["None", "10.0.0.1"] }],
  ["spec.clusterIPs", { clusterIP: "10.0.0.1", clusterIPs: ["10.0.0.1", "10.0.0.2"] }],
  ["spec.clusterIPs[0]", { clusterIP: "10.0.0.1", clusterIPs: ["10.0.0.1"], ipFamilies: ["IPv6"] }],
  ["spec.ipFamilies[0]", { ipFamilies: ["IPX"] }],
  ["spec.ipFamilies[1]", { ipFamilies: ["IPv4", "IPv4"] }],
  ["spec.ipFamilyPolicy", { ipFamilyPolicy: "Maybe" }],
];

for (const [field, spec] of BROKEN) {
  Deno.test(`familyCauses() blames ${field} of ${JSON.stringify(spec)}`, () => {
    assert.deepEqual(familyCauses(spec).map((cause) => cause.field), [field]);
  });
}
