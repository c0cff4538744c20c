/**
 * `deno task conformance`: the official Gateway API suite against berth. Every gateway test of
 * every profile must run and pass; none is exempt.
 */
import { join } from "node:path";
import { startEngine, stopEngine } from "../bed/mod.ts";
import { freeAddress } from "./free_address.ts";
import { openPlace, subnetsOf } from "./gateway_bed.ts";
import { reportProblems } from "./gateway_report.ts";
import { type GatewaySettings, gatewaySettings, USAGE } from "./gateway_settings.ts";
import { runSuite } from "./gateway_suite.ts";
import {
  EMPTY_WHEN_CLAIMED,
  GATEWAY_TESTS,
  leftOutReason,
  NOT_RUN,
  type Verdict,
  verdict,
} from "./gateway_verdict.ts";
import { failureReason, type GoTestOutput, type TestResult } from "./go_test_output.ts";

const REPORTS = join(import.meta.dirname ?? ".", "reports");

/** Brings everything up, runs the suite, says how it ended; true when all is well. */
async function conformance(settings: GatewaySettings): Promise<boolean> {
  const output = settings.output ?? await Deno.makeTempDir({ prefix: "berth-gateway-" });
  await Deno.mkdir(output, { recursive: true });
  const begin = performance.now();
  await using place = await openPlace(settings, output);
  await say(`channel ${settings.channel}, ${settings.chosen.length} tests, logs: ${output}`);
  const results = await runSuite({
    settings,
    kubeconfig: place.kubeconfig,
    address: freeAddress(await subnetsOf(place.network)),
    output,
    ended: progress(settings),
    signal: told(),
  });
  const judged = verdict(results.results(), settings.chosen, settings.channel);
  await writeFailures(results, output);
  await tell(judged, { settings, results, output });
  await say(`suite: ${((performance.now() - begin) / 1000).toFixed(0)} s with set-up`);
  const problems = settings.whole ? await problemsOf(settings, output) : [];
  for (const problem of problems) await say(`report: ${problem}`);
  const failed = judged.failures.length + problems.length;
  const fine = failed === 0 && judged.passed > 0;
  if (fine && settings.whole) await keepReport(settings, output);
  await say(`conformance: ${judged.passed} passed, ${failed} failed`);
  return fine;
}

/** Told to stop: the suite ends first, then the scopes take everything down. */
function told(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, () => stop.abort());
  }
  return stop.signal;
}

/** A line for each test as it ends. */
function progress(settings: GatewaySettings): (result: TestResult) => void {
  let done = 0;
  return (result) => {
    if (!settings.chosen.includes(result.name)) return;
    const count = `${++done}/${settings.chosen.length}`;
    const why = result.outcome === "passed" ? "" : `: ${failureReason(result.lines)}`;
    const line = `${
      count.padStart(7)
    } ${result.outcome} ${result.name} (${result.seconds} s)${why}`;
    Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
  };
}

interface Told {
  readonly settings: GatewaySettings;
  readonly results: GoTestOutput;
  readonly output: string;
}

async function tell(judged: Verdict, { settings, results, output }: Told): Promise<void> {
  if (results.results().length === 0) {
    await say(`the suite started no test: ${failureReason(results.outside())}`);
  }
  for (const { name, why } of judged.leftOut) {
    await say(`left out on the ${settings.channel} channel: ${name}: ${why}`);
  }
  for (const [name, why] of Object.entries(EMPTY_WHEN_CLAIMED)) {
    if (settings.chosen.includes(name)) await say(`checks nothing here: ${name} ${why}`);
  }
  if (judged.failures.length === 0) return;
  await say(`failed (what each logged is in ${join(output, "failed")}):`);
  const [idle, ended] = [true, false].map((is) =>
    judged.failures.filter(({ why }) => (why === NOT_RUN) === is)
  );
  for (const { name, why } of ended ?? []) await say(`  ${name}: ${why}`);
  const names = (idle ?? []).map((one) => one.name);
  if (names.length > 0) await say(`  ${names.length} ${NOT_RUN}: ${names.join(" ")}`);
}

async function writeFailures(results: GoTestOutput, output: string): Promise<void> {
  const folder = join(output, "failed");
  await Deno.mkdir(folder, { recursive: true });
  for (const { name, outcome, lines } of results.results()) {
    if (outcome !== "failed" && outcome !== "unfinished") continue;
    await Deno.writeTextFile(join(folder, `${name}.log`), `${lines.join("\n")}\n`);
  }
}

async function problemsOf(
  { profiles, channel }: GatewaySettings,
  output: string,
): Promise<readonly string[]> {
  const text = await Deno.readTextFile(join(output, "report.yaml")).catch(() => undefined);
  return text === undefined ? ["was not written"] : reportProblems(text, profiles, channel);
}

/** Named as the Gateway API project files reports: channel, version, mode. */
async function keepReport(settings: GatewaySettings, output: string): Promise<void> {
  const folder = settings.reports ?? REPORTS;
  const text = await Deno.readTextFile(join(output, "report.yaml"));
  const version = /^ {2}version: (\S+)$/m.exec(text)?.[1] ?? "unknown";
  const path = join(folder, `${settings.channel}-${version}-default-report.yaml`);
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(path, text);
  await say(`report: ${path}`);
}

async function list(settings: GatewaySettings): Promise<void> {
  for (const name of settings.chosen) {
    const why = leftOutReason(name, settings.channel) ?? EMPTY_WHEN_CLAIMED[name];
    const needs = (GATEWAY_TESTS[name] ?? []).join(", ");
    await say(`${name}: ${needs || "Gateway"}${why === undefined ? "" : ` (${why})`}`);
  }
  await say(`${settings.chosen.length} tests`);
}

async function say(line: string): Promise<void> {
  await Deno.stdout.write(new TextEncoder().encode(`${line}\n`));
}

async function main(args: readonly string[]): Promise<number> {
  const settings = gatewaySettings(args);
  if (settings.help) {
    await say(USAGE);
    return 0;
  }
  if (settings.list) {
    await list(settings);
    return 0;
  }
  const engine = await startEngine();
  try {
    return await conformance(settings) ? 0 : 1;
  } catch (error) {
    await say(error instanceof Error ? error.message : String(error));
    await say(`conformance: 0 passed, ${settings.chosen.length} failed`);
    return 1;
  } finally {
    if (engine !== undefined) await stopEngine(engine);
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
