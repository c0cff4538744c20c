import assert from "assert";
import {
  type CleanupFacts,
  cleanupPlan,
  CLUSTER_LABEL,
  OWNER_LABEL,
} from "../../../lib/cli/cleanup_plan.ts";

const container = (name: string, cluster: string, labels: Readonly<Record<string, string>>) => ({
  id: `id-${name}`,
  name,
  cluster,
  labels,
});
const ours = (name: string, cluster: string) =>
  container(name, cluster, { [OWNER_LABEL]: "me", [CLUSTER_LABEL]: cluster });

const dead = ours("b-dead", "dead");
const alsoDead = ours("a-dead", "dead");
const living = ours("living", "kind");
const foreign = container("foreign", "dead", { [CLUSTER_LABEL]: "dead" });
const mislabelled = container("mislabelled", "dead", {
  [OWNER_LABEL]: "me",
  [CLUSTER_LABEL]: "kind",
});
const owned = [dead, living, foreign, mislabelled, alsoDead];

const cases: readonly {
  readonly name: string;
  readonly facts: Partial<CleanupFacts>;
  readonly remove: readonly string[];
  readonly release: readonly string[];
}[] = [
  { name: "leaves living clusters alone", facts: {}, remove: ["a-dead", "b-dead"], release: [] },
  {
    name: "releases living clusters on request",
    facts: { all: true },
    remove: ["a-dead", "b-dead", "living"],
    release: ["kind", "other"],
  },
  {
    name: "keeps to the chosen clusters",
    facts: { all: true, chosen: ["other"] },
    remove: [],
    release: ["other"],
  },
  {
    name: "takes everything of a dead cluster",
    facts: { living: [] },
    remove: ["a-dead", "b-dead", "living"],
    release: [],
  },
  { name: "finds nothing", facts: { owned: [foreign] }, remove: [], release: [] },
];

for (const { name, facts, remove, release } of cases) {
  Deno.test(`cleanupPlan() ${name}`, () => {
    const plan = cleanupPlan({
      living: ["other", "kind"],
      owned,
      chosen: [],
      all: false,
      ...facts,
    });
    assert.deepEqual(plan.remove.map((leftover) => leftover.name), remove);
    assert.deepEqual(plan.release, release);
  });
}

Deno.test("cleanupPlan() never takes what lacks our labels", () => {
  const plan = cleanupPlan({ living: [], owned, chosen: [], all: true });
  const names = plan.remove.map((leftover) => leftover.name);
  assert.ok(!names.includes("foreign") && !names.includes("mislabelled"));
});
