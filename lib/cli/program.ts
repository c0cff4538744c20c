import { errorText, isDenied, UsageError } from "../core/mod.ts";
import { type Invocation, parseArgs } from "./args.ts";
import { cleanup } from "./commands/cleanup.ts";
import { config } from "./commands/config.ts";
import { doctor } from "./commands/doctor.ts";
import { keepalivedRender } from "./commands/keepalived_render.ts";
import { listImages } from "./commands/list_images.ts";
import { manifests } from "./commands/manifests.ts";
import { pools } from "./commands/pools.ts";
import { poolsExplain } from "./commands/pools_explain.ts";
import { serve } from "./commands/serve.ts";
import { status } from "./commands/status.ts";
import { statusGateways } from "./commands/status_gateways.ts";
import { version } from "./commands/version.ts";
import { completion } from "./completion.ts";
import { helpText } from "./help.ts";
import type { Process } from "./ports.ts";
import type { Wiring } from "./wiring.ts";

/** Exit codes: success and signals, failure, bad command line. */
const EXIT = { ok: 0, failed: 1, usage: 2 } as const;

/** Runs one command line and resolves to the exit code; never rejects. */
export async function runProgram(
  argv: readonly string[],
  options: { readonly process: Process; readonly wiring: Wiring },
): Promise<number> {
  const { process, wiring } = options;
  if (argv[0] === "completion") return printCompletion(argv.slice(1), process);
  const parsed = parseArgs(argv, process.env);
  if (!parsed.ok) return complain(process, parsed.issues);
  try {
    return await runCommand(parsed.invocation, { process, wiring });
  } catch (error) {
    process.streams.err(`error: ${errorText(error)}\n`);
    // the flags of the sandbox are part of the command line
    return error instanceof UsageError || isDenied(error) ? EXIT.usage : EXIT.failed;
  }
}

async function runCommand(
  { command, topic, settings, ignored }: Invocation,
  { process, wiring }: { readonly process: Process; readonly wiring: Wiring },
): Promise<number> {
  const { streams, signal } = process;
  const context = { settings, streams, signal };
  switch (command) {
    case "help":
      streams.out(helpText(topic));
      return EXIT.ok;
    case "version":
      return version(context, wiring.version());
    case "list-images":
      return listImages(context, await wiring.images(context.settings));
    case "manifests ipam":
      return manifests(context, { mode: "ipam", version: wiring.version() });
    case "manifests keepalived":
      return manifests(context, { mode: "keepalived", version: wiring.version() });
    case "completion":
      return printCompletion([], process);
  }
  await using stack = new AsyncDisposableStack();
  stack.use(await wiring.logging(settings));
  switch (command) {
    case "run":
    case "dev":
    case "ipam":
    case "keepalived":
    case "keepalived agent":
      return await serve(context, { ports: await wiring[command](context), ignored });
    case "keepalived render":
      return await keepalivedRender(context, await wiring[command](context));
    case "status":
      return await status(context, stack.use(await wiring.status(context)));
    case "status gateways":
      return await statusGateways(context, stack.use(await wiring[command](context)));
    case "doctor":
      return await doctor(context, stack.use(await wiring.doctor(context)));
    case "cleanup":
      return await cleanup(context, stack.use(await wiring.cleanup(context)));
    case "config":
      return await config(context, stack.use(await wiring.config(context)));
    case "pools":
      return await pools(context, stack.use(await wiring.pools(context)));
    case "pools explain":
      return await poolsExplain(context, await wiring[command](context));
  }
}

function printCompletion(words: readonly string[], { streams }: Process): number {
  const result = completion(words);
  if (!result.ok) return complain({ streams }, [result.issue]);
  streams.out(result.text);
  return EXIT.ok;
}

function complain({ streams }: Pick<Process, "streams">, issues: readonly string[]): number {
  for (const issue of issues) streams.err(`error: ${issue}\n`);
  return EXIT.usage;
}
