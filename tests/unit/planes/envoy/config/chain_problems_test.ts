import assert from "assert";
import {
  canonicalRanges,
  chainProblems,
  rangeProblems,
} from "../../../../../lib/planes/envoy/config/chain_problems.ts";
import { chainOf, routeSpecWith } from "../../../../fakes/route_parts.ts";
import type { Chain } from "../../../../../lib/proxy/types.ts";

const tls = { certificates: ["c"], alpn: [] };

const cases: readonly { part: Partial<Chain>; taken?: string[]; fatal?: RegExp; note?: RegExp }[] =
  [
    { part: {} },
    { part: { tls } },
    { part: {}, taken: [""], fatal: /two chains/ },
    {
      part: { serverNames: ["A.example", "b.example"] },
      taken: ["a.example"],
      note: /a.example is/,
    },
    {
      part: { serverNames: ["a.example"] },
      taken: ["a.example"],
      fatal: /no server name left/,
      note: /is there twice/,
    },
    { part: { serverNames: ["a..b"] }, fatal: /no server name left/, note: /"a..b" is none/ },
    { part: { tls: { ...tls, certificates: [] } }, fatal: /without a certificate/ },
    { part: { tls: { ...tls, certificates: ["x"] } }, fatal: /certificate x is not known/ },
    {
      part: { tls: { ...tls, client: { authority: "x", mode: "require" } } },
      fatal: /authority x is not known/,
    },
  ];

for (const { part, taken = [], fatal = /^$/, note = /^$/ } of cases) {
  Deno.test(`chainProblems() judges ${JSON.stringify({ part, taken })}`, () => {
    const certificates = [{ name: "c", certificate: "", privateKey: "" }];
    const context = { spec: routeSpecWith({ certificates }), taken: new Set(taken) };
    const { problems } = chainProblems(chainOf([], part), context);
    assert.match(problems.fatal.join(), fatal);
    assert.match(problems.notes.join(), note);
  });
}

Deno.test("rangeProblems() names what is no CIDR", () => {
  assert.match(rangeProblems(["10.0.0.0/8", "10.0.0.0/33"]).join(), /^"10.0.0.0\/33" is not/);
});

Deno.test("canonicalRanges() keeps one of ranges that mean the same", () => {
  assert.deepEqual(canonicalRanges(["10.1.2.3/8", "10.0.0.0/8", "FC00::1/7"]), [
    "10.0.0.0/8",
    "fc00::/7",
  ]);
});
