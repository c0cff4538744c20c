/**
 * `deno task conformance:services`: the Kubernetes project's own LoadBalancer tests against berth
 * on a bed cluster. All must pass and none may skip itself.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import {
  type Bed,
  clusterUp,
  ensureAgnhostImages,
  ensurePart,
  runAnyway,
  startEngine,
  stopEngine,
} from "../bed/mod.ts";
import { startBerth } from "../berth.ts";
import { ClientNetwork } from "./client_network.ts";
import { type SpecResult, specResults } from "./spec_report.ts";

const FOCUS = "sig-network.*LoadBalancers";
const ROLLING_UPDATE = "rolling update";
const ALL = 17;
const ROLLING_UPDATES = 2;

/** What the command line asked for. */
interface Settings {
  readonly name: string;
  readonly rollingUpdate: boolean;
  /** Only tests whose name matches; then their number is not checked. */
  readonly only: string | undefined;
  readonly proxyMode: "iptables" | "nftables";
  /** Folder for logs and the report. */
  readonly output: string;
}

function settingsOf(args: readonly string[]): Settings {
  const { values } = parseArgs({
    args: [...args],
    options: {
      "name": { type: "string", default: "lbconf" },
      "without-rolling-update": { type: "boolean", default: false },
      "only": { type: "string" },
      "nftables": { type: "boolean", default: false },
      "output": { type: "string" },
    },
  });
  return {
    name: values.name,
    rollingUpdate: !values["without-rolling-update"],
    only: values.only,
    proxyMode: values.nftables ? "nftables" : "iptables",
    output: values.output ?? Deno.makeTempDirSync({ prefix: "berth-conformance-" }),
  };
}

/** Brings everything up, runs the tests and returns their results. */
async function conformance(settings: Settings): Promise<SpecResult[]> {
  const program = join(await ensurePart("e2e"), "e2e.test");
  await ensureAgnhostImages();
  const { name, proxyMode } = settings;
  await using bed = await clusterUp({ name, workers: 2, proxyMode });
  await using client = await ClientNetwork.open(`bed-${name}`.slice(0, 15));
  await using _berth = await startBerth({
    clusters: [name],
    log: join(settings.output, "berth.log"),
    args: ["-v", "3", "--network", bed.shape.network],
  });
  const kubeconfig = await clientKubeconfig(bed, settings.output);
  return await runTests([...client.enter, program], { settings, kubeconfig });
}

/** A kubeconfig with the control plane's own address: the published port is on our loopback. */
async function clientKubeconfig(bed: Bed, folder: string): Promise<string> {
  const node = (await bed.nodes()).find((one) => one.role === "control-plane");
  const text = await Deno.readTextFile(bed.kubeconfigPath);
  const path = join(folder, "kubeconfig");
  await Deno.writeTextFile(path, text.replace(/127\.0\.0\.1:\d+/, `${node?.ipv4}:6443`));
  return path;
}

async function runTests(
  program: readonly [string, ...string[]],
  options: { readonly settings: Settings; readonly kubeconfig: string },
): Promise<SpecResult[]> {
  const { settings, kubeconfig } = options;
  // Told to stop: the suite ends first, then the scopes above take everything down.
  const told = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, () => told.abort());
  }
  const report = join(settings.output, "report.json");
  const result = await runAnyway([
    ...program,
    `--kubeconfig=${kubeconfig}`,
    `--kubectl-path=${join(await ensurePart("kubectl"), "kubectl")}`,
    "--provider=skeleton",
    `--ginkgo.focus=${settings.only ?? FOCUS}`,
    ...(settings.rollingUpdate ? [] : [`--ginkgo.skip=${ROLLING_UPDATE}`]),
    `--ginkgo.json-report=${report}`,
    "--ginkgo.timeout=80m",
    "--ginkgo.no-color",
  ], { signal: told.signal });
  await Deno.writeTextFile(join(settings.output, "e2e.log"), result.stdout + result.stderr);
  const text = await Deno.readTextFile(report).catch(() => undefined);
  if (text === undefined) throw new Error(`e2e.test wrote no report: ${tail(result.stderr)}`);
  return specResults(text);
}

/** Says how each test ended; true when all ran and passed. */
async function tell(results: readonly SpecResult[], settings: Settings): Promise<boolean> {
  for (const { outcome, name, seconds, message } of results) {
    await say(`${outcome.padEnd(7)} ${name} (${seconds} s)${message ? `: ${message}` : ""}`);
  }
  const expected = settings.only === undefined
    ? ALL - (settings.rollingUpdate ? 0 : ROLLING_UPDATES)
    : results.length;
  const passed = results.filter((one) => one.outcome === "passed").length;
  // A test that skipped itself, or did not run, proves nothing: it counts as failed.
  const failed = Math.max(results.length, expected) - passed;
  if (!settings.rollingUpdate) {
    await say(`left out: the ${ROLLING_UPDATES} rolling-update tests (10 minutes each)`);
  }
  await say(`logs: ${settings.output}`);
  await say(`conformance: ${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0;
}

function tail(text: string): string {
  return text.split("\n").slice(-5).join("\n");
}

async function say(line: string): Promise<void> {
  await Deno.stdout.write(new TextEncoder().encode(`${line}\n`));
}

if (import.meta.main) {
  const settings = settingsOf(Deno.args);
  const engine = await startEngine();
  try {
    const fine = await tell(await conformance(settings), settings);
    Deno.exitCode = fine ? 0 : 1;
  } finally {
    if (engine !== undefined) await stopEngine(engine);
  }
}
