import { type CleanupPlan, cleanupPlan } from "../cleanup_plan.ts";
import type { CleanupPorts, CommandContext, Released, Unserved } from "../ports.ts";
import { errorText } from "../../core/mod.ts";

/** One thing that was, or would be, taken away. */
interface Done {
  readonly what: "container" | Released["what"];
  readonly cluster: string;
  readonly name: string;
  readonly error?: string;
}

const THINGS: Readonly<Record<Done["what"], string>> = {
  container: "container",
  service: "addresses of",
  gateway: "addresses of Gateway",
  ingress: "addresses of Ingress",
};

/** `berth cleanup`: one thing that cannot be removed does not keep the others. */
export async function cleanup(context: CommandContext, ports: CleanupPorts): Promise<number> {
  const { settings, signal } = context;
  // both listings first: a partial view removes nothing
  const living = await ports.clusters({ signal });
  const owned = await ports.owned({ signal });
  const plan = cleanupPlan({ living, owned, chosen: settings.clusters, all: settings.all });
  const done = settings.dryRun ? preview(plan) : await execute(plan, { ports, signal });
  const unserved = settings.all ? [] : await ports.unserved({ signal });
  report(context, done, unserved);
  return done.some(({ error }) => error !== undefined) ? 1 : 0;
}

async function execute(
  plan: CleanupPlan,
  { ports, signal }: { readonly ports: CleanupPorts; readonly signal: AbortSignal },
): Promise<readonly Done[]> {
  const done: Done[] = [];
  for (const cluster of plan.release) {
    try {
      const released = await ports.release(cluster, { signal });
      done.push(...released.map(({ what, name }) => ({ what, cluster, name })));
    } catch (error) {
      done.push({ what: "service", cluster, name: "*", error: errorText(error) });
    }
  }
  for (const leftover of plan.remove) {
    const base = { what: "container", cluster: leftover.cluster, name: leftover.name } as const;
    try {
      await ports.remove(leftover, { signal });
      done.push(base);
    } catch (error) {
      done.push({ ...base, error: errorText(error) });
    }
  }
  return done;
}

function preview(plan: CleanupPlan): readonly Done[] {
  return [
    ...plan.release.map((cluster) => ({ what: "service" as const, cluster, name: "*" })),
    ...plan.remove.map(({ cluster, name }) => ({ what: "container" as const, cluster, name })),
  ];
}

function report(
  { settings, streams }: CommandContext,
  done: readonly Done[],
  unserved: readonly Unserved[],
): void {
  if (settings.output === "json") {
    const found = { dryRun: settings.dryRun, removed: done, unserved };
    streams.out(`${JSON.stringify(found, undefined, 2)}\n`);
    return;
  }
  const verb = settings.dryRun ? "would remove" : "removed";
  for (const { what, cluster, name, error } of done) {
    const whose = name === "*" ? "every Service, Gateway and Ingress" : name;
    const thing = `${THINGS[what]} ${whose} (${cluster})`;
    streams.out(error === undefined ? `${verb} ${thing}\n` : `cannot remove ${thing}: ${error}\n`);
  }
  for (const { cluster, services } of unserved) {
    const these = services.length === 1 ? "1 Service" : `${services.length} Services`;
    streams.out(
      `no berth serves cluster ${cluster}, and ${these} cannot be deleted before one does: ` +
        `start berth, or give the addresses back with "berth cleanup --all --cluster ${cluster}"\n`,
    );
  }
  if (done.length + unserved.length === 0) streams.out("nothing of berth's is left behind\n");
}
