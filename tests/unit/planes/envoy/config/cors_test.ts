import assert from "assert";
import { corsPolicy } from "../../../../../lib/planes/envoy/config/cors.ts";

const cors = {
  origins: ["https://a.example", "https://*.b.example", "*"],
  methods: ["GET", "PUT"],
  headers: ["x-a"],
  exposeHeaders: [],
  credentials: true,
  maxAgeSeconds: 5,
};

Deno.test("corsPolicy() says what browsers may do", () => {
  const { allow_origin_string_match, ...policy } = corsPolicy(cors);
  assert.deepEqual(allow_origin_string_match, [
    { exact: "https://a.example" },
    { safe_regex: { regex: "https://[^/:]+\\.b\\.example" } },
    { safe_regex: { regex: ".*" } },
  ]);
  assert.deepEqual(policy, {
    "@type": "type.googleapis.com/envoy.extensions.filters.http.cors.v3.CorsPolicy",
    allow_methods: "GET, PUT",
    allow_headers: "x-a",
    expose_headers: undefined,
    max_age: "5",
    allow_credentials: true,
    forward_not_matching_preflights: false,
  });
});
