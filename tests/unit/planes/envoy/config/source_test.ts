import assert from "assert";
import { sources, watchedFile } from "../../../../../lib/planes/envoy/config/source.ts";

Deno.test("watchedFile() is followed by inotify", () => {
  assert.deepEqual(watchedFile("/c/lds.json"), {
    path_config_source: { path: "/c/lds.json" },
    resource_api_version: "V3",
  });
});

Deno.test("sources() polls files beyond the limit, and those that are not listed", () => {
  const found = sources(["a", "b"], { directory: "/c", watches: 3 });
  assert.deepEqual(found.of("a"), watchedFile("/c/a"));
  for (const [name, poll_interval] of [["b", "0.1s"], ["secret", "0.5s"]] as const) {
    assert.deepEqual(found.of(name).path_config_source, { path: `/c/${name}`, poll_interval });
  }
});
