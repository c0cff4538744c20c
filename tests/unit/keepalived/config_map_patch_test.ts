import assert from "assert";
import { configMapPatch } from "../../../lib/keepalived/config_map_patch.ts";
import { formatState, stateAnnotation } from "../../../lib/keepalived/cloud_state.ts";
import type { VipRecord } from "../../../lib/keepalived/types.ts";
import { vipConfigMap, vipRecord } from "../../fakes/vip_world.ts";

const state = (...records: readonly VipRecord[]) => ({ records, unreadable: [] });
const a = vipRecord("a", "10.0.0.1");
const b = vipRecord("b", "10.0.0.2");

Deno.test("configMapPatch() is undefined when nothing changes", () => {
  assert.equal(configMapPatch(vipConfigMap([a]), { before: state(a), after: state(a) }), undefined);
});

Deno.test("configMapPatch() names what changes and the version it was made on", () => {
  const change = { before: state(a), after: state(b) };
  assert.deepEqual(configMapPatch(vipConfigMap([a]), change), {
    metadata: { resourceVersion: "1", annotations: { [stateAnnotation]: formatState(state(b)) } },
    data: { "10.0.0.1": null, "10.0.0.2": "default/b" },
  });
});

Deno.test("configMapPatch() leaves the annotation out when only an entry is repaired", () => {
  assert.deepEqual(configMapPatch(vipConfigMap([a], {}), { before: state(a), after: state(a) }), {
    metadata: { resourceVersion: "1", annotations: {} },
    data: { "10.0.0.1": "default/a" },
  });
});

Deno.test("configMapPatch() finds an entry under any spelling of its address", () => {
  const six = vipRecord("six", "fd00::1");
  const configMap = vipConfigMap([six], { "fd00-0-0-0-0-0-0-1": "default/six" });
  const taken = configMapPatch(configMap, { before: state(six), after: state() });
  assert.deepEqual((taken as { data: unknown }).data, { "fd00-0-0-0-0-0-0-1": null });
  assert.equal(configMapPatch(configMap, { before: state(six), after: state(six) }), undefined);
});
