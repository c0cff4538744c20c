import assert from "assert";
import { formatState, readState, recordSize } from "../../../lib/keepalived/cloud_state.ts";
import { AppError } from "../../../lib/core/mod.ts";
import { vipRecord } from "../../fakes/vip_world.ts";

/** The text as keepalived-cloud-provider writes it. */
const peer = '{"services":[{"uid":"u-a","ip":"10.0.0.1","serviceNamespace":"default",' +
  '"serviceName":"a","forwardMethod":"DR"},{"uid":"u-b","ip":"10.0.0.2",' +
  '"serviceNamespace":"default","serviceName":"b"}]}';

Deno.test("KCP-state: readState() reads what the peer wrote, formatState() writes the same", () => {
  const state = readState(peer);
  assert.deepEqual(state.records, [vipRecord("a", "10.0.0.1", "DR"), vipRecord("b", "10.0.0.2")]);
  assert.equal(formatState(state), peer);
});

for (const text of [undefined, "", "  ", "{}", '{"services":null}', '{"services":[]}']) {
  Deno.test(`KCP-state-empty: readState() takes ${text} for an empty state`, () => {
    assert.deepEqual(readState(text), { records: [], unreadable: [] });
  });
}

for (const text of ["{", "[]", '"x"', "null", '{"services":{}}', '{"services":"a"}']) {
  Deno.test(`KCP-state-broken: readState() refuses ${text}, so that nothing is given twice`, () => {
    assert.throws(() => readState(text), (error) => {
      assert.ok(error instanceof AppError);
      assert.equal(error.kind, "invalid");
      assert.match(error.message, /k8s\.co\/cloud-provider-config .* restore it, or remove it/);
      return true;
    });
  });
}

Deno.test("KCP-state-entry: a bad entry spoils itself alone and is written back", () => {
  const bad = [7, { uid: "x", ip: "10.0.0" }, { ip: "10.0.0.1" }, { uid: "", ip: "10.0.0.1" }];
  const good = { uid: "u-a", ip: "10.0.0.1", serviceNamespace: "default", serviceName: "a" };
  const state = readState(JSON.stringify({ services: [...bad, good] }));
  assert.deepEqual(state.records, [vipRecord("a", "10.0.0.1")]);
  assert.deepEqual(state.unreadable, bad);
  assert.deepEqual(JSON.parse(formatState(state)), { services: [good, ...bad] });
});

Deno.test("recordSize() is what a record adds to the text", () => {
  const [a, b] = [vipRecord("a", "10.0.0.1"), vipRecord("b", "10.0.0.2", "DR")];
  const size = (records: readonly typeof a[]) => formatState({ records, unreadable: [] }).length;
  assert.equal(size([a, b]) - size([a]), recordSize(b));
});
