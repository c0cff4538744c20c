import assert from "assert";
import fc from "fast-check";
import type { Listener } from "../../../../lib/proxy/types.ts";
import {
  chainName,
  listenerId,
  parseChainName,
  parseListenerId,
} from "../../../../lib/planes/kernel/names.ts";

function listener(address: string, port: number, protocol: Listener["protocol"]): Listener {
  return {
    address,
    port,
    protocol,
    family: address.includes(":") ? "IPv6" : "IPv4",
    sourceRanges: [],
    closed: false,
    affinity: "none",
    endpoints: [],
  };
}

const part = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$/);

Deno.test("listenerId() is read back by parseListenerId()", () => {
  const cases = fc.tuple(
    fc.tuple(part, part, part).map((parts) => parts.join("/")),
    fc.oneof(fc.ipV4(), fc.constantFrom("fc00::1", "fc00:f853:ccd:e793::ff:1")),
    fc.integer({ min: 1, max: 65_535 }),
    fc.constantFrom("TCP" as const, "UDP" as const, "SCTP" as const),
  );
  fc.assert(fc.property(cases, ([key, address, port, protocol]) => {
    const id = listenerId(key, listener(address, port, protocol));
    assert.deepEqual(parseListenerId(id), { key, address, protocol, port });
    assert.match(id, /^[a-z0-9/._-]+$/);
  }));
});

Deno.test("listenerId() refuses keys that cannot be part of a chain's name", () => {
  const bad = ["", "a/b", "a/b/c/d", "a/b/c d", "a/b/C", "a/b/{", `a/b/${"c".repeat(190)}`];
  for (const key of bad) {
    assert.throws(() => listenerId(key, listener("10.0.0.1", 80, "TCP")), { kind: "invalid" }, key);
  }
});

Deno.test("chainName() fits the kernel's limit at worst", () => {
  const key = `${"c".repeat(63)}/${"n".repeat(62)}/${"s".repeat(63)}`;
  const id = listenerId(key, listener(`${"ffff:".repeat(7)}ffff`, 65_535, "SCTP"));
  assert.ok(chainName("ranges", id).length <= 255);
});

Deno.test("parseChainName() knows only listeners' chains", () => {
  const id = "kind/default/web/10.0.0.1/tcp/80";
  assert.deepEqual(parseChainName(`spread/${id}`), { kind: "spread", id });
  for (const name of ["guard", "refuse", `other/${id}`, "serve/kind/default/web"]) {
    assert.equal(parseChainName(name), undefined, name);
  }
});
