import assert from "assert";
import {
  sessionPolicy,
  splitSessionFields,
} from "../../../../../lib/planes/envoy/config/persistence.ts";

Deno.test("sessionPolicy() keeps sessions in a cookie that ends with the browser's", () => {
  const text = JSON.stringify(sessionPolicy({ kind: "cookie", name: "s" }));
  assert.match(text, /"cookie":\{"name":"s","path":"\/","ttl":"0s"\}/);
});

Deno.test("sessionPolicy() keeps sessions in a header", () => {
  const text = JSON.stringify(sessionPolicy({ kind: "header", name: "x-s" }));
  assert.match(text, /HeaderBasedSessionState","name":"x-s"/);
});

Deno.test("splitSessionFields() gives a split a cookie of its own", () => {
  const cookie = { kind: "cookie", name: "s", path: "/a", ttlSeconds: 60 } as const;
  assert.deepEqual(splitSessionFields(cookie), {
    hash_policy: [{ cookie: { name: "s-split", path: "/a", ttl: "60s" } }],
  });
  assert.deepEqual(splitSessionFields({ kind: "header", name: "s" }), {});
});
