import assert from "assert";
import { formatState, recordSize, stateAnnotation } from "../../../lib/keepalived/cloud_state.ts";
import { SizeLimits } from "../../../lib/keepalived/size_limits.ts";
import { vipConfigMap, vipRecord } from "../../fakes/vip_world.ts";

const empty = { records: [], unreadable: [] };

Deno.test("SizeLimits.take() counts other annotations, keys included", () => {
  const record = vipRecord("a", "10.0.0.1");
  const used = stateAnnotation.length + formatState(empty).length + recordSize(record) +
    "other".length;
  const room = (more: number) => {
    const annotations = { other: "x".repeat(256 * 1024 - used + more) };
    return new SizeLimits({ ...vipConfigMap([]), annotations }, empty).take(record);
  };
  assert.equal(room(0), undefined);
  assert.match(room(1) ?? "", /256 KiB/);
});

Deno.test("SizeLimits.take() counts what it gave", () => {
  const value = "default/a";
  const data = { big: "x".repeat(1024 * 1024 - value.length) };
  const limits = new SizeLimits(vipConfigMap([], data), empty);
  assert.equal(limits.take(vipRecord("a", "10.0.0.1")), undefined);
  assert.match(limits.take(vipRecord("b", "10.0.0.2")) ?? "", /1 MiB/);
});

Deno.test("SizeLimits.take() refuses a change that needs room, and no other", () => {
  const before = vipRecord("a", "10.0.0.1");
  const longer = vipRecord("a", "10.0.0.100");
  const state = { records: [before], unreadable: [] };
  const used = stateAnnotation.length + formatState(state).length + "other".length;
  const annotations = { other: "x".repeat(256 * 1024 - used) };
  const limits = new SizeLimits({ ...vipConfigMap([]), annotations }, state);
  assert.match(limits.take(longer, before) ?? "", /256 KiB/);
  assert.equal(limits.take(before, before), undefined);
  assert.equal(limits.take(vipRecord("a", "10.0.0.2"), before), undefined);
});
