import assert from "assert";
import { sessionPolicy } from "../../../../../lib/planes/envoy/config/persistence.ts";

Deno.test("sessionPolicy() keeps sessions in a cookie that ends with the browser's", () => {
  const text = JSON.stringify(sessionPolicy({ kind: "cookie", name: "s" }));
  assert.match(text, /"cookie":\{"name":"s","path":"\/","ttl":"0s"\}/);
});

Deno.test("sessionPolicy() keeps sessions in a header", () => {
  const text = JSON.stringify(sessionPolicy({ kind: "header", name: "x-s" }));
  assert.match(text, /HeaderBasedSessionState","name":"x-s"/);
});
