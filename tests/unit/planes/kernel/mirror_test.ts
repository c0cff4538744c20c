import assert from "assert";
import { NodeMirror } from "../../../../lib/planes/kernel/mirror.ts";
import type { HeldListener } from "../../../../lib/planes/kernel/types.ts";

function held(id: string): HeldListener {
  return {
    id,
    guard: "accept",
    fingerprint: "1",
    hasRanges: false,
    hasSpread: false,
    hasMoved: false,
  };
}

const WEB = "kind/default/web/172.18.255.1/tcp/80";
const WEB6 = "kind/default/web/fc00__ff_1/tcp/80";
const API = "kind/default/api/172.18.255.1/tcp/443";

Deno.test("NodeMirror.adopt() takes over what is ours and leaves other addresses alone", () => {
  const mirror = NodeMirror.adopt({
    listeners: new Map([WEB, WEB6, API].map((id) => [id, held(id)])),
    addresses: new Set(["172.18.255.1", "fc00::ff:1"]),
    slots: new Map(),
    isSound: true,
  }, ["172.18.255.1", "192.0.2.7"]);
  assert.deepEqual([...mirror.leftovers], ["kind/default/web", "kind/default/api"]);
  assert.deepEqual([...mirror.onDevice], ["172.18.255.1"]);
  assert.deepEqual(mirror.addressesOf("kind/default/web"), ["172.18.255.1", "fc00::ff:1"]);
  assert.deepEqual(mirror.leftoversAt("172.18.255.1"), ["kind/default/web", "kind/default/api"]);
  assert.deepEqual(mirror.leftoversAt("fc00::ff:1"), ["kind/default/web"]);
  assert.equal(mirror.isEmpty, false);
});

Deno.test("NodeMirror.commit() follows listeners as they come, change and go", () => {
  const mirror = new NodeMirror();
  mirror.commit({ id: WEB, text: "", held: held(WEB) });
  mirror.commit({ id: WEB6, text: "", held: held(WEB6) });
  mirror.commit({ id: WEB, text: "", held: { ...held(WEB), fingerprint: "2" } });
  assert.equal(mirror.size, 2);
  assert.deepEqual(mirror.listenersOf("kind/default/web").map(({ fingerprint }) => fingerprint), [
    "2",
    "1",
  ]);
  mirror.commit({ id: WEB, text: "", held: undefined });
  mirror.commit({ id: WEB6, text: "", held: undefined });
  assert.deepEqual(mirror.listenersOf("kind/default/web"), []);
  assert.equal(mirror.isEmpty, true);
});
