/** Runs the program of the official Gateway API suite. */
import { join } from "node:path";
import config from "../../../deno.json" with { type: "json" };
import { ensurePart } from "../bed/mod.ts";
import type { GatewaySettings } from "./gateway_settings.ts";
import { allFeatures, GATEWAY_TESTS, leftOutReason, MESH_TESTS } from "./gateway_verdict.ts";
import { GoTestOutput, type TestResult } from "./go_test_output.ts";

/** No run takes this long: 131 tests that all time out are told apart from a hung suite. */
const LIMIT = "60m";

/** The suite's waits for somebody to act; its own limits are 30 to 180 s. */
const WAITS = [
  "GWCMustBeAccepted",
  "GatewayListenersMustHaveConditions",
  "GatewayMustHaveAddress",
  "GatewayMustHaveCondition",
  "GatewayStatusMustHaveListeners",
  "HTTPRouteMustHaveCondition",
  "HTTPRouteMustNotHaveParents",
  "LatestObservedGenerationSet",
  "ListenerSetListenersMustHaveConditions",
  "ListenerSetMustHaveCondition",
  "MaxTimeToConsistency",
  "NamespacesMustBeReady",
  "RouteMustHaveParents",
  "TCPRouteMustHaveCondition",
  "TLSRouteMustHaveCondition",
  "UDPRouteMustHaveCondition",
] as const;

/** Whom the report is about. */
const IMPLEMENTATION = {
  organization: "berth",
  project: "berth",
  url: "https://berth.dev",
  version: config.version,
  contact: "@berth",
} as const;

/** What a run is given. */
export interface SuiteRun {
  readonly settings: GatewaySettings;
  readonly kubeconfig: string;
  /** A free address of the engine network. */
  readonly address: string;
  /** Folder for suite.log and report.yaml. */
  readonly output: string;
  /** Called as tests end. */
  readonly ended: (result: TestResult) => void;
  readonly signal: AbortSignal;
}

/** Arguments of conformance.test. */
export function suiteArguments(run: Omit<SuiteRun, "ended" | "signal">): string[] {
  const { settings } = run;
  const facts = Object.entries(IMPLEMENTATION).map(([name, value]) => `-${name}=${value}`);
  const all = [...Object.keys(GATEWAY_TESTS), ...MESH_TESTS];
  const runs = settings.chosen.filter((name) =>
    leftOutReason(name, settings.channel) === undefined
  );
  const skipped = all.filter((name) => !runs.includes(name));
  const partial = settings.chosen.length < Object.keys(GATEWAY_TESTS).length;
  return [
    "-test.v=test2json",
    "-test.run=^TestConformance$",
    `-test.timeout=${LIMIT}`,
    ...(settings.parallel === undefined ? [] : [`-test.parallel=${settings.parallel}`]),
    ...(settings.timeout === undefined ? [] : [
      `-timeout-config-overrides=${WAITS.map((name) => `${name}:${settings.timeout}`).join(";")}`,
    ]),
    `-kubeconfig=${run.kubeconfig}`,
    `-gateway-class=${settings.gatewayClass}`,
    `-conformance-profiles=${settings.profiles.join(",")}`,
    `-usable-address=${run.address}`,
    "-unusable-address=invalid.io",
    // A whole run takes the features from the GatewayClass; single tests run claimed or not.
    ...(partial
      ? [`-skip-tests=${skipped.join(",")}`, `-supported-features=${allFeatures().join(",")}`]
      : []),
    ...(settings.keep ? ["-cleanup-base-resources=false", "-cleanup-test-resources=false"] : []),
    `-report-output=${join(run.output, "report.yaml")}`,
    ...facts,
  ];
}

/** Runs the suite to its end; the outcome is in the results, not in the exit status. */
export async function runSuite(run: SuiteRun): Promise<GoTestOutput> {
  const program = join(await ensurePart("gateway"), "conformance.test");
  const child = new Deno.Command("sh", {
    args: ["-c", 'exec "$@" 2>&1', "suite", program, ...suiteArguments(run)],
    stdin: "null",
    stdout: "piped",
    signal: run.signal,
  }).spawn();
  using log = await Deno.create(join(run.output, "suite.log"));
  const output = new GoTestOutput();
  for await (const line of linesOf(child.stdout)) {
    await log.write(new TextEncoder().encode(`${line}\n`));
    const result = output.push(line);
    if (result !== undefined) run.ended(result);
  }
  await child.status;
  return output;
}

async function* linesOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") yield rest;
}
