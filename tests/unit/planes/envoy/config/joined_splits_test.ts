import assert from "assert";
import { joinSplits } from "../../../../../lib/planes/envoy/config/joined_splits.ts";
import type { Backend, Share } from "../../../../../lib/proxy/types.ts";
import {
  backendWith,
  forwardTo,
  httpPort,
  routeSpecWith,
  ruleWith,
  shareOf,
  udpPort,
} from "../../../../fakes/route_parts.ts";

const persistence = { kind: "cookie", name: "s" } as const;

function join(split: readonly Share[], other: Partial<Backend> = {}) {
  return joinSplits(routeSpecWith({
    ports: [httpPort([ruleWith({ action: forwardTo({ split, persistence }) })]), udpPort([])],
    backends: [backendWith({ name: "a" }), backendWith({ name: "b", ...other })],
  }));
}

Deno.test("joinSplits() makes one backend of a split with sessions", () => {
  const split = [shareOf("a", { weight: 3 }), shareOf("b"), shareOf("b", { weight: 0 })];
  const { spec, joined } = join(split);
  const [[name, shares] = []] = [...joined];
  assert.deepEqual(shares, split.slice(0, 2));
  assert.deepEqual(spec.backends.map((backend) => backend.name), ["a", "b", name]);
  assert.match(JSON.stringify(spec.ports), new RegExp(`"split":\\[[^\\]]*"backend":"${name}"`));
});

const kept: readonly { why: string; split: readonly Share[]; other?: Partial<Backend> }[] = [
  { why: "one share", split: [shareOf("a")] },
  { why: "a missing backend", split: [shareOf("a"), shareOf("gone")] },
  { why: "a missing part", split: [shareOf("a"), { weight: 1, to: { status: 500 } }] },
  { why: "different protocols", split: [shareOf("a"), shareOf("b")], other: { protocol: "h2" } },
  { why: "edits", split: [shareOf("a"), shareOf("b", { rewrite: { hostname: "h" } })] },
];

for (const { why, split, other } of kept) {
  Deno.test(`joinSplits() leaves a split with ${why}`, () => {
    const { spec, joined } = join(split, other);
    assert.equal(joined.size, 0);
    assert.equal(spec.backends.length, 2);
  });
}

Deno.test("joinSplits() leaves splits without sessions", () => {
  const split = [shareOf("a"), shareOf("b")];
  const spec = routeSpecWith({ ports: [httpPort([ruleWith({ action: forwardTo({ split }) })])] });
  assert.deepEqual(joinSplits(spec).spec, spec);
});
