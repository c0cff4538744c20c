import assert from "assert";
import { forwardProblems } from "../../../../../lib/planes/envoy/config/forward_problems.ts";
import { forwardTo, shareOf } from "../../../../fakes/route_parts.ts";
import type { Forward } from "../../../../../lib/proxy/types.ts";

const bad = { set: [{ name: "a b", value: "" }], add: [], remove: [] };
const cookie = { kind: "cookie", name: "s" } as const;

const cases: readonly { part: Partial<Forward>; problem: RegExp }[] = [
  { part: { requestHeaders: bad }, problem: /"a b"/ },
  { part: { rewrite: { hostname: "a b" } }, problem: /"a b" is not a host/ },
  { part: { split: [shareOf("a", { weight: -1 })] }, problem: /weight -1/ },
  { part: { split: [shareOf("a", { responseHeaders: bad })] }, problem: /"a b"/ },
  {
    part: { split: [shareOf("a", { rewrite: { path: { kind: "full", value: "a" } } })] },
    problem: /path "a"/,
  },
  { part: { mirrors: [{ backend: "m", numerator: 1, denominator: 0 }] }, problem: /1\/0/ },
  { part: { timeoutMs: -1 }, problem: /-1 ms/ },
  { part: { retry: { attempts: -1, codes: [] } }, problem: /-1 retries/ },
  { part: { retry: { attempts: 1, codes: [7] } }, problem: /status 7 / },
  { part: { persistence: { ...cookie, name: "a b" } }, problem: /session name "a b"/ },
  { part: { persistence: { ...cookie, path: "a" } }, problem: /cookie path "a"/ },
  { part: { persistence: { ...cookie, ttlSeconds: -1 } }, problem: /-1 s is no life/ },
];

for (const { part, problem } of cases) {
  Deno.test(`forwardProblems() refuses ${JSON.stringify(part)}`, () => {
    assert.match(forwardProblems(forwardTo(part)).join("\n"), problem);
  });
}

Deno.test("forwardProblems() lets a plain forward pass", () => {
  assert.deepEqual(forwardProblems(forwardTo({ persistence: cookie })), []);
});
