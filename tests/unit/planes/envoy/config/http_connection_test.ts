import assert from "assert";
import { httpFilters } from "../../../../../lib/planes/envoy/config/http_connection.ts";

const source = { path: "rds" };

Deno.test("httpFilters() differs by the name of its routes alone", () => {
  const one = JSON.stringify(httpFilters({ routes: "80-web", source }));
  const other = JSON.stringify(httpFilters({ routes: "81-web", source }));
  assert.equal(one.replace("80-web", "81-web"), other);
});

Deno.test("httpFilters() trusts nobody in front", () => {
  const [manager] = JSON.parse(JSON.stringify(httpFilters({ routes: "80-web", source })));
  const { use_remote_address, xff_num_trusted_hops, internal_address_config } =
    manager.typed_config;
  assert.deepEqual([use_remote_address, xff_num_trusted_hops, internal_address_config], [
    true,
    0,
    {
      unix_sockets: false,
      cidr_ranges: [{ address_prefix: "255.255.255.255", prefix_len: 32 }],
    },
  ]);
});

Deno.test("httpFilters() ends with the router", () => {
  const [manager] = JSON.parse(JSON.stringify(httpFilters({ routes: "80-web", source })));
  assert.equal(manager.typed_config.http_filters.at(-1).name, "envoy.filters.http.router");
});
