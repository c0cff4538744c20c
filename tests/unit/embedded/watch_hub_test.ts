import assert from "assert";
import type { Change } from "../../../lib/embedded/types.ts";
import { objectKey, type Scope, WatchHub } from "../../../lib/embedded/watch_hub.ts";

function change(key: string): Change {
  return {
    version: 1,
    type: "ADDED",
    key,
    object: { apiVersion: "v1", kind: "X", metadata: { name: "x" } },
  };
}

Deno.test("publish() tells only those whose scope holds the key", () => {
  const hub = new WatchHub();
  const heard: string[] = [];
  const scopes: Readonly<Record<string, Scope>> = {
    all: {},
    named: { name: "a" },
    space: { namespace: "n" },
    one: { namespace: "n", name: "a" },
    other: { namespace: "n", name: "b" },
    elsewhere: { namespace: "m" },
  };
  const stops = Object.entries(scopes).map(([name, scope]) =>
    hub.subscribe(scope, () => heard.push(name))
  );
  hub.publish(change(objectKey("n", "a")));
  assert.deepEqual(heard, ["all", "named", "space", "one"]);
  assert.equal(hub.size, 6);
  for (const stop of stops) stop();
  hub.publish(change("n/a"));
  assert.equal(heard.length, 4);
  assert.equal(hub.size, 0);
});

Deno.test("a listener may stop while it is told, and stopping twice is harmless", () => {
  const hub = new WatchHub();
  let heard = 0;
  const stop = hub.subscribe({}, () => {
    heard += 1;
    stop();
    stop();
  });
  hub.subscribe({}, () => heard += 10);
  hub.publish(change("n/a"));
  hub.publish(change("n/a"));
  assert.equal(heard, 21);
});
