import assert from "assert";
import { tryFields } from "../../../../../lib/planes/envoy/config/retry.ts";
import { forwardTo } from "../../../../fakes/route_parts.ts";
import type { Forward } from "../../../../../lib/proxy/types.ts";

const retry = { attempts: 2, codes: [500, 503], backoffMs: 100 };

const limits: readonly { part: Partial<Forward>; timeout: string; each?: string }[] = [
  { part: {}, timeout: "0s" },
  { part: { timeoutMs: 500 }, timeout: "0.5s" },
  { part: { backendTimeoutMs: 500 }, timeout: "0.5s" },
  { part: { timeoutMs: 900, backendTimeoutMs: 500 }, timeout: "0.5s" },
  { part: { timeoutMs: 300, backendTimeoutMs: 500 }, timeout: "0.3s" },
  { part: { retry, backendTimeoutMs: 500 }, timeout: "0s", each: "0.5s" },
  { part: { retry, timeoutMs: 900, backendTimeoutMs: 500 }, timeout: "0.9s", each: "0.5s" },
];

for (const { part, timeout, each } of limits) {
  Deno.test(`tryFields() waits as ${JSON.stringify(part)} asks`, () => {
    const fields = tryFields(forwardTo(part));
    assert.equal(fields.timeout, timeout);
    assert.equal(policyOf(fields).per_try_timeout, each);
  });
}

Deno.test("tryFields() tries again what nobody has seen", () => {
  const policy = policyOf(tryFields(forwardTo()));
  assert.equal(policy.retry_on, "connect-failure,refused-stream,reset-before-request");
  assert.equal(policy.num_retries, 1);
});

Deno.test("tryFields() tries again what the rule names", () => {
  const { retry_host_predicate: _, ...policy } = policyOf(tryFields(forwardTo({ retry })));
  assert.deepEqual(policy, {
    retry_on: "connect-failure,refused-stream,reset,retriable-status-codes",
    num_retries: 2,
    retriable_status_codes: [500, 503],
    retry_back_off: { base_interval: "0.1s", max_interval: "1s" },
    host_selection_retry_max_attempts: 3,
  });
});

function policyOf(fields: ReturnType<typeof tryFields>) {
  return fields.retry_policy as Record<string, unknown>;
}
