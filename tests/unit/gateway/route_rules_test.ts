import assert from "assert";
import type { BackendOutcome } from "../../../lib/gateway/backends.ts";
import { httpMatch } from "../../../lib/gateway/http_matches.ts";
import { planRule, type RuleInput } from "../../../lib/gateway/route_rules.ts";

function outcome(name: string): BackendOutcome {
  if (name === "gone") {
    return { resolved: undefined, problem: { reason: "BackendNotFound", message: "gone" } };
  }
  const backend = { name, protocol: "http1", affinity: "none", endpoints: [] } as const;
  return {
    resolved: { backend, authority: undefined, certificate: undefined },
    problem: undefined,
  };
}

function plan(rule: Partial<RuleInput>) {
  return planRule({
    kind: "HTTPRoute",
    namespace: "infra",
    label: "HTTPRoute infra/r rule 0",
    title: "rule 0",
    matches: [httpMatch({})],
    ...rule,
  }, ({ ref }) => outcome(ref.name));
}

Deno.test("planRule() answers 500 without backends", () => {
  assert.deepEqual(plan({}).action, { kind: "respond", status: 500 });
  assert.deepEqual(plan({ backendRefs: [] }).action, { kind: "respond", status: 500 });
});

Deno.test("planRule() keeps the share of a reference that does not hold", () => {
  const { action, unresolved } = plan({
    backendRefs: [{ name: "a", weight: 9 }, { name: "gone" }, { name: "b", weight: 0 }],
  });
  assert.equal(action.kind, "forward");
  assert.deepEqual("split" in action ? action.split : [], [
    { weight: 9, to: { backend: "a" } },
    { weight: 1, to: { status: 500 } },
    { weight: 0, to: { backend: "b" } },
  ]);
  assert.deepEqual(unresolved.map(({ reason }) => reason), ["BackendNotFound"]);
});

Deno.test("planRule() lets a backend's rewrite win over the rule's, part by part", () => {
  const path = { type: "ReplaceFullPath", replaceFullPath: "/x" };
  const { action } = plan({
    filters: [{ type: "URLRewrite", urlRewrite: { hostname: "rule", path } }],
    backendRefs: [{
      name: "a",
      filters: [{ type: "URLRewrite", urlRewrite: { hostname: "own" } }],
    }],
  });
  assert.deepEqual("split" in action ? action.split[0]?.rewrite : undefined, {
    hostname: "own",
    path: { kind: "full", value: "/x" },
  });
});

Deno.test("planRule() redirects whatever the backends", () => {
  const { action } = plan({ filters: [{ type: "RequestRedirect", requestRedirect: {} }] });
  assert.deepEqual(action, { kind: "redirect", filter: {} });
});

Deno.test("planRule() fails rather than do less than the rule says", () => {
  const { action, dropped, backends } = plan({
    filters: [{ type: "Unknown" }],
    timeouts: { request: "soon" },
    backendRefs: [{ name: "a", filters: [{ type: "CORS" }] }],
  });
  assert.deepEqual(action, { kind: "respond", status: 500 });
  assert.deepEqual(backends, []);
  assert.deepEqual(dropped.map(({ message }) => message), [
    "rule 0: filter Unknown is not served: remove it",
    'rule 0: timeouts.request "soon" is no duration of up to a year: write it like 1m30s',
    "rule 0: filter CORS is not served on backendRefs: put it on the rule",
  ]);
});

Deno.test("planRule() refuses more tries than a proxy takes", () => {
  const { dropped } = plan({ backendRefs: [{ name: "a" }], retry: { attempts: 2_147_483_647 } });
  assert.deepEqual(dropped.map(({ message }) => message), [
    "rule 0: retry.attempts 2147483647 are too many: use up to 1000000",
  ]);
});

Deno.test("planRule() drops a match that cannot be done and serves the others", () => {
  const { matches, action, dropped } = plan({
    matches: [httpMatch({ path: { type: "Glob" } }), httpMatch({})],
    backendRefs: [{ name: "a" }],
  });
  assert.deepEqual([matches.length, action.kind, dropped.length], [1, "forward", 1]);
});

const limits = [
  { rule: { timeouts: { request: "0s" } }, want: { timeoutMs: 0 } },
  { rule: { timeouts: { backendRequest: "1s500ms" } }, want: { backendTimeoutMs: 1500 } },
  { rule: { retry: {} }, want: { retry: { attempts: 1, codes: [] } } },
  {
    rule: { retry: { attempts: 3, codes: [503], backoff: "50ms" } },
    want: { retry: { attempts: 3, codes: [503], backoffMs: 50 } },
  },
  {
    rule: { sessionPersistence: { sessionName: "s", absoluteTimeout: "1h" } },
    want: { persistence: { kind: "cookie", name: "s", path: "/" } },
  },
  {
    rule: { sessionPersistence: { type: "Header", sessionName: "x-s" } },
    want: { persistence: { kind: "header", name: "x-s" } },
  },
] as const;

Deno.test.each(limits)("planRule() takes $rule", ({ rule, want }) => {
  const { action } = plan({ ...rule, backendRefs: [{ name: "a" }] });
  const { kind: _kind, split: _split, mirrors: _mirrors, ...rest } = action.kind === "forward"
    ? action
    : assert.fail("not forwarded");
  assert.deepEqual(rest, want);
});

Deno.test("planRule() names sessions after the rule where nobody named them", () => {
  const names = ["a", "b", "a"].map((label) => {
    const { action } = plan({ label, sessionPersistence: {}, backendRefs: [{ name: "a" }] });
    return action.kind === "forward" ? action.persistence?.name : undefined;
  });
  assert.match(names[0] ?? "", /^berth-session-\w+$/);
  assert.equal(names[0], names[2]);
  assert.notEqual(names[0], names[1]);
});
