import assert from "assert";
import { lookups } from "../../../lib/gateway/lookups.ts";
import { findAuthority, findKeyPair } from "../../../lib/gateway/tls_objects.ts";
import { gatewayInput } from "../../fakes/gateway_input.ts";

const found = lookups(gatewayInput(`
kind: Gateway
metadata: { name: gw }
spec: { gatewayClassName: berth }
---
kind: Secret
metadata: { name: good }
data: { tls.crt: "@server.pem", tls.key: "@server.key" }
---
kind: Secret
metadata: { name: mixed }
data: { tls.crt: "@server.pem", tls.key: "@client.key" }
---
kind: Secret
metadata: { name: empty }
---
kind: Secret
metadata: { name: away, namespace: keys }
data: { tls.crt: "@server.pem", tls.key: "@server.key" }
---
kind: ConfigMap
metadata: { name: ca }
data: { ca.crt: "@authority.pem" }
---
kind: ConfigMap
metadata: { name: other }
data: { ca.crt: "@server.pem" }
---
kind: ConfigMap
metadata: { name: bad }
data: { ca.crt: hello }
`));
const referrer = { kind: "Gateway", namespace: "infra", lookups: found };
const reasons = { notPermitted: "RefNotPermitted", kind: "Kind", invalid: "Invalid" };

const pairs = [
  { ref: { name: "good" }, reason: undefined },
  { ref: { name: "mixed" }, reason: "Invalid" },
  { ref: { name: "empty" }, reason: "Invalid" },
  { ref: { name: "missing" }, reason: "Invalid" },
  { ref: { name: "good", group: "example.com" }, reason: "Kind" },
  { ref: { name: "good", kind: "Vault" }, reason: "Kind" },
  { ref: { name: "away", namespace: "keys" }, reason: "RefNotPermitted" },
  { ref: { name: "missing", namespace: "keys" }, reason: "RefNotPermitted" },
];

Deno.test.each(pairs)("findKeyPair() of $ref", ({ ref, reason }) => {
  const outcome = findKeyPair(ref, referrer, reasons);
  assert.equal("problem" in outcome ? outcome.problem.reason : undefined, reason);
});

Deno.test("findKeyPair() never says a word of what a Secret holds", () => {
  for (const { ref } of pairs) {
    const outcome = findKeyPair(ref, referrer, reasons);
    if ("problem" in outcome) assert.doesNotMatch(outcome.problem.message, /BEGIN|MII/);
  }
});

const refs = (...names: readonly string[]) => names.map((name) => ({ kind: "ConfigMap", name }));

Deno.test("findAuthority() joins what holds and tells what does not", () => {
  const { authority, problem } = findAuthority(refs("ca", "bad", "other"), referrer, reasons);
  assert.equal(authority?.name, "infra/ca+infra/other");
  assert.equal(authority?.certificates.match(/BEGIN CERTIFICATE/g)?.length, 2);
  assert.deepEqual([problem?.reason, problem?.message.includes("infra/bad")], ["Invalid", true]);
});

Deno.test.each([
  { ref: { kind: "Secret", name: "good" }, reason: "Kind" },
  { ref: { name: "ca" }, reason: "Kind" },
  { ref: { kind: "ConfigMap", name: "missing" }, reason: "Invalid" },
  { ref: { kind: "ConfigMap", name: "ca", namespace: "keys" }, reason: "RefNotPermitted" },
])("findAuthority() refuses $ref", ({ ref, reason }) => {
  const { authority, problem } = findAuthority([ref], referrer, reasons);
  assert.deepEqual([authority, problem?.reason], [undefined, reason]);
});
