import assert from "assert";
import { parse } from "yaml";
import type { Step } from "../../../../lib/planes/agent/agent_protocol.ts";
import { Desired } from "../../../../lib/planes/kernel/desired.ts";
import { NodeMirror } from "../../../../lib/planes/kernel/mirror.ts";
import { commitPlan, planNode } from "../../../../lib/planes/kernel/node_plan.ts";
import type { Listener, ProxySpec } from "../../../../lib/proxy/types.ts";
import { nodeFacts } from "../../../fakes/node_facts.ts";
import { listenerWith, specWith } from "../../../fakes/specs.ts";

/** Rewrite the expected files with: deno test -A tests/unit/planes/kernel -- --update */
const UPDATES = Deno.args.includes("--update");
const FOLDER = new URL("../../../testdata/planes/kernel/", import.meta.url);

interface GoldenInput {
  readonly node: string;
  readonly forwards?: boolean;
  readonly steps: readonly GoldenStep[];
}

type GoldenStep =
  | { readonly remove: string }
  | { readonly ensure: Partial<ProxySpec> & { readonly listeners: readonly Partial<Listener>[] } };

const names = [...Deno.readDirSync(FOLDER)].map(({ name }) => name).sort();

for (const name of names.filter((one) => one.endsWith(".in.yaml"))) {
  Deno.test(`planNode() says what ${name} expects`, async () => {
    const golden = new URL(name.replace(".in.yaml", ".nft"), FOLDER);
    const input = parse(await Deno.readTextFile(new URL(name, FOLDER))) as GoldenInput;
    const text = replay(input);
    if (UPDATES) await Deno.writeTextFile(golden, text);
    assert.equal(text, await Deno.readTextFile(golden));
  });
}

Deno.test("planNode() has no expectations without input", () => {
  const stale = names.filter((name) =>
    name.endsWith(".nft") && !names.includes(name.replace(".nft", ".in.yaml"))
  );
  assert.deepEqual(stale, []);
});

/** Everything that one node is told, step after step. */
function replay({ node: name, forwards = true, steps }: GoldenInput): string {
  const desired = new Desired(() => 0);
  const nodes = ["a", "b", "c"].map((one, at) => nodeFacts(one, { number: at + 2, forwards }));
  desired.setNodes(nodes);
  const mirror = new NodeMirror();
  const texts = steps.map((step, at) => {
    const affected = "remove" in step
      ? desired.remove(step.remove)
      : desired.put(specOf(step.ensure));
    const plan = planNode({ ...affected, cleanups: [...affected.cleanups.values()].flat() }, {
      node: desired.nodes.get(name) ?? nodeFacts(name),
      desired,
      mirror,
      isServedElsewhere: () => true,
      replaces: false,
    });
    commitPlan(plan, mirror);
    return `# step ${at + 1}: ${Object.keys(step)[0]}\n${plan.steps.map(stepText).join("")}`;
  });
  return texts.join("\n");
}

function specOf({ listeners, ...spec }: Extract<GoldenStep, { ensure: unknown }>["ensure"]) {
  return specWith({ ...spec, listeners: listeners.map(listenerWith) });
}

/** Rules as they are, the rest as comments, so that nft can load the file. */
function stepText({ verb, text }: Step): string {
  return verb === "nft"
    ? text
    : text.trimEnd().split("\n").map((line) => `# ${verb} ${line}\n`).join("");
}
