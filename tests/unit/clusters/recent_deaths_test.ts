import assert from "assert";
import { RecentDeaths } from "../../../lib/clusters/recent_deaths.ts";
import type { EngineEvent } from "../../../lib/runtime/types.ts";
import { listedNode } from "../../fakes/kind_containers.ts";

const LISTED = [listedNode({ name: "a" }), listedNode({ name: "b" })];

function event(action: "start" | "die" | "destroy", id = "id-a"): EngineEvent {
  return { kind: "container", action, id, name: "a", labels: {} };
}

Deno.test("RecentDeaths.correct() stops what just died and says when to look again", () => {
  const deaths = new RecentDeaths();
  deaths.note(event("die"), 1_000);
  const { containers, againInMs } = deaths.correct(LISTED, 1_500);
  assert.deepEqual(containers.map(({ running }) => running), [false, true]);
  assert.equal(againInMs, 1_500);
});

Deno.test("RecentDeaths.correct() leaves a listing that agrees", () => {
  const deaths = new RecentDeaths();
  deaths.note(event("die"), 1_000);
  const agreed = [listedNode({ name: "a" }, { running: false })];
  assert.deepEqual(deaths.correct(agreed, 1_500), { containers: agreed });
});

Deno.test("RecentDeaths forgets a death after a start, a resync and a while", () => {
  const rows: readonly [EngineEvent, number][] = [
    [event("start"), 1_001],
    [event("destroy"), 1_001],
    [{ kind: "resync" }, 1_001],
    [event("die", "other"), 3_000],
  ];
  for (const [next, now] of rows) {
    const deaths = new RecentDeaths();
    deaths.note(event("die"), 1_000);
    deaths.note(next, now);
    assert.deepEqual(deaths.correct(LISTED, now).containers, LISTED);
  }
});
