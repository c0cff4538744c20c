import assert from "assert";
import {
  millionths,
  routeAction,
  routeRequestEdit,
} from "../../../../../lib/planes/envoy/config/forward.ts";
import { forwardTo, matchOf, shareOf } from "../../../../fakes/route_parts.ts";
import type { Forward } from "../../../../../lib/proxy/types.ts";

const edit = { set: [{ name: "x-a", value: "1" }], add: [], remove: [] };

Deno.test("routeAction() names the cluster of a plain backend", () => {
  assert.equal(actionOf({}).cluster, "cart");
  assert.equal(actionOf({}).cluster_not_found_response_code, "INTERNAL_SERVER_ERROR");
});

Deno.test("routeAction() splits by weight, with 500 for what is missing", () => {
  const split = [shareOf("a", { weight: 7 }), { weight: 3, to: { status: 500 } } as const];
  assert.deepEqual(actionOf({ split }).weighted_clusters, {
    clusters: [{ name: "a", weight: 7 }, { name: "berth-missing", weight: 3 }],
  });
});

Deno.test("routeAction() edits headers and host of one share alone", () => {
  const split = [shareOf("a", { requestHeaders: edit, rewrite: { hostname: "h.example" } })];
  const text = JSON.stringify(actionOf({ split, rewrite: { hostname: "other.example" } }));
  assert.match(text, /"name":"a".*"key":"x-a".*"host_rewrite_literal":"h.example"/);
});

Deno.test("routeRequestEdit() leaves a rule's edit to shares that have their own", () => {
  const own = [shareOf("a", { requestHeaders: edit }), shareOf("b")];
  const forward = forwardTo({
    requestHeaders: { set: [], add: [], remove: ["x-rule"] },
    split: own,
  });
  assert.equal(routeRequestEdit(forward, own), undefined);
  assert.equal(routeRequestEdit(forward, [shareOf("a")]), forward.requestHeaders);
  const text = JSON.stringify(actionOf(forward).weighted_clusters);
  assert.equal(text.match(/x-rule/g)?.length, 2);
});

Deno.test("routeAction() takes a path of a share before that of its rule", () => {
  const split = [shareOf("a", { rewrite: { path: { kind: "full", value: "/s" } } })];
  const rewrite = { path: { kind: "full", value: "/r" } } as const;
  assert.match(JSON.stringify(actionOf({ split, rewrite }).regex_rewrite), /"\/s"/);
  assert.match(JSON.stringify(actionOf({ rewrite }).regex_rewrite), /"\/r"/);
});

Deno.test("routeAction() mirrors parts", () => {
  const mirrors = [
    { backend: "all", numerator: 100, denominator: 100 },
    { backend: "third", numerator: 1, denominator: 3 },
    { backend: "none", numerator: 0, denominator: 100 },
  ];
  assert.deepEqual(actionOf({ mirrors }).request_mirror_policies, [
    { cluster: "all", disable_shadow_host_suffix_append: true },
    {
      cluster: "third",
      disable_shadow_host_suffix_append: true,
      runtime_fraction: { default_value: { numerator: 333_333, denominator: "MILLION" } },
    },
  ]);
});

Deno.test("routeAction() hashes the client's address where a backend asks for it", () => {
  const hashed = new Set(["cart"]);
  const action = routeAction(forwardTo(), [shareOf("cart")], { match: matchOf(), hashed });
  assert.deepEqual(action.hash_policy, [{ connection_properties: { source_ip: true } }]);
  assert.equal(actionOf({}).hash_policy, undefined);
});

Deno.test("millionths() never says more than all", () => {
  assert.deepEqual(millionths(5, 4), { numerator: 1_000_000, denominator: "MILLION" });
});

function actionOf(part: Partial<Forward>) {
  const forward = forwardTo(part);
  return routeAction(forward, forward.split, { match: matchOf(), hashed: new Set() });
}
