import assert from "assert";
import type { EnvoyFile } from "../../../../lib/planes/envoy/config/mod.ts";
import {
  byPort,
  readStats,
  refusals,
  refusedUpdates,
  verdict,
} from "../../../../lib/planes/envoy/confirmation.ts";

const lds: EnvoyFile = {
  name: "lds.json",
  kind: "lds",
  content: "",
  secret: false,
  ports: [],
  version: "7",
  versionStat: "listener_manager.lds.version_text",
};
const eds: EnvoyFile = {
  ...lds,
  name: "eds-a.json",
  kind: "eds",
  versionStat: "cluster.a.version_text",
};

function stats(...lines: string[]) {
  return readStats(lines);
}

Deno.test("readStats() reads numbers and texts", () => {
  const read = stats('a.b: "7"', "http.x: y: 3", "nonsense");
  assert.deepEqual([...read], [["a.b", "7"], ["http.x: y", "3"]]);
});

Deno.test("verdict() waits for the version, and tells a rejection by its count", () => {
  const old = 'listener_manager.lds.version_text: "6"';
  const done = 'listener_manager.lds.version_text: "7"';
  const rejected = (count: number) => `listener_manager.lds.update_rejected: ${count}`;
  const cases = [
    [[old, rejected(1)], "waiting"],
    [[], "waiting"],
    [[done, rejected(1)], "accepted"],
    [[old, rejected(2)], "refused"],
    [[old, "listener_manager.lds.update_failure: 1"], "refused"],
    [[done, "listener_manager.total_listeners_warming: 1"], "waiting"],
    [[done, "cluster_manager.warming_clusters: 1"], "waiting"],
  ] as const;
  for (const [lines, expected] of cases) {
    assert.equal(word([lds], stats(old, rejected(1)), stats(...lines)), expected, `${lines}`);
  }
});

Deno.test("verdict() does not wait for a file that nothing uses", () => {
  assert.equal(word([eds], stats(), stats()), "accepted");
  assert.equal(word([eds], stats(), stats('cluster.a.version_text: "3"')), "waiting");
});

Deno.test("refusals() finds every refused resource with its port", () => {
  const dump = {
    configs: [
      {
        dynamic_listeners: [{ name: "tcp-80-x", error_state: { details: "bad" } }, { name: "ok" }],
      },
      { error_state: { failed_configuration: { name: "tcp-81-x" }, details: "worse" } },
      { error_state: { details: "whose?" } },
    ],
  };
  const portOf = (name: string) =>
    /^tcp-(\d+)/.exec(name) === null ? undefined : Number(name.slice(4, 6));
  assert.deepEqual(refusals(dump, portOf), [
    { port: 80, message: "bad" },
    { port: 81, message: "worse" },
    { port: 0, message: "whose?" },
  ]);
});

Deno.test("refusedUpdates() tells what was refused, and when", () => {
  const at = "2026-01-02T03:04:05.678Z";
  const states = [{ details: "bad", last_update_attempt: at }, { details: "worse" }];
  const dump = { configs: states.map((error_state, i) => ({ name: `r${i}`, error_state })) };
  assert.deepEqual(refusedUpdates(dump), [
    { name: "r0", message: "bad", at },
    { name: "r1", message: "worse" },
  ]);
  assert.deepEqual(refusedUpdates({ configs: [{ name: "r0" }] }), []);
});

Deno.test("byPort() gives what names no port to the ports that need the refused files", () => {
  const secret = { ...eds, name: "sds-a.json", ports: [443, 8443] };
  const found = [{ port: 0, message: "bad key" }, { port: 443, message: "no listener" }];
  assert.deepEqual(byPort(found, [secret]), [
    { port: 443, message: "no listener" },
    { port: 8443, message: "bad key" },
  ]);
  assert.deepEqual(byPort([], [{ ...eds, ports: [80] }]), [
    { port: 80, message: "Envoy refused eds-a.json" },
  ]);
  assert.deepEqual(byPort([{ port: 0, message: "bad" }], []), [{ port: 0, message: "bad" }]);
});

function word(...args: Parameters<typeof verdict>): string {
  const { isWaiting, refused } = verdict(...args);
  return isWaiting ? "waiting" : refused.length > 0 ? "refused" : "accepted";
}
