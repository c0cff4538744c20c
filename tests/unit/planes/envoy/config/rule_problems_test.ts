import assert from "assert";
import {
  actionProblems,
  matchProblems,
} from "../../../../../lib/planes/envoy/config/rule_problems.ts";
import { matchOf, ruleWith } from "../../../../fakes/route_parts.ts";
import type { Match, Rule } from "../../../../../lib/proxy/types.ts";

const matches: readonly { part: Partial<Match>; problem: RegExp }[] = [
  { part: { path: { kind: "regex", value: "(?=a)" } }, problem: /not a regular expression of RE2/ },
  { part: { path: { kind: "regex", value: "" } }, problem: /empty regular expression/ },
  { part: { path: { kind: "prefix", value: "/a?b" } }, problem: /has \? or #/ },
  { part: { path: { kind: "exact", value: "a" } }, problem: /does not begin with \// },
  { part: { method: "G T" }, problem: /"G T" is not a method/ },
  { part: { headers: [{ name: "a b", kind: "exact", value: "" }] }, problem: /header "a b"/ },
  { part: { query: [{ name: "", kind: "exact", value: "" }] }, problem: /query parameter ""/ },
  { part: { query: [{ name: "q", kind: "regex", value: "*" }] }, problem: /nothing to repeat/ },
];

for (const { part, problem } of matches) {
  Deno.test(`matchProblems() refuses ${JSON.stringify(part)}`, () => {
    assert.match(matchProblems(matchOf(part)).join("\n"), problem);
  });
}

const cors = {
  origins: ["*"],
  methods: ["GET"],
  headers: ["*"],
  exposeHeaders: [],
  credentials: true,
  maxAgeSeconds: 1,
};
const redirect = { kind: "redirect", status: 302 } as const;

const actions: readonly { part: Partial<Rule>; problem: RegExp }[] = [
  { part: { action: { kind: "respond", status: 99 } }, problem: /status 99/ },
  { part: { action: { ...redirect, hostname: "a b" } }, problem: /"a b" is not a host/ },
  { part: { action: { ...redirect, port: 70_000 } }, problem: /port 70000/ },
  { part: { action: { ...redirect, path: { kind: "full", value: "a" } } }, problem: /path "a"/ },
  {
    part: { responseHeaders: { set: [], add: [], remove: ["a b"] } },
    problem: /header name "a b"/,
  },
  { part: { cors: { ...cors, methods: ["G T"] } }, problem: /CORS name "G T"/ },
  { part: { cors: { ...cors, origins: ["a\n"] } }, problem: /CORS origin/ },
];

for (const { part, problem } of actions) {
  Deno.test(`actionProblems() refuses ${JSON.stringify(part)}`, () => {
    assert.match(actionProblems(ruleWith(part)).join("\n"), problem);
  });
}

Deno.test("matchProblems() and actionProblems() let a plain rule pass", () => {
  const rule = ruleWith({ cors });
  assert.deepEqual([...matchProblems(rule.match), ...actionProblems(rule)], []);
});
