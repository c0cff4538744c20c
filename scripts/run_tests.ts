// deno-lint-ignore-file no-console -- scripts speak to people
/**
 * Runs the tests that need nothing but Deno, then says what was skipped and why.
 *
 * Arguments go to `deno test`; without a path among them it runs everything but `tests/e2e`.
 */
import { ROOT, sourceFiles } from "./module_graph.ts";

/** A test that did not run. */
export interface Skipped {
  /** The test file that declares it. */
  readonly file: string;
  readonly name: string;
}

const NEEDS_ENVOY = "an Envoy: run `deno task bed parts envoy` once, or set BERTH_ENVOY";

/** What a group of tests needs, by the file that holds them. */
const NEEDS: Readonly<Record<string, string>> = {
  "tests/contract/engine_test.ts":
    "a container engine: set BERTH_CONTRACT_ENGINE=1 and BERTH_CONTRACT_IMAGE",
  "tests/contract/envoy_loads_test.ts": NEEDS_ENVOY,
  "tests/contract/envoy_http_traffic_test.ts": NEEDS_ENVOY,
  "tests/contract/envoy_policy_traffic_test.ts": NEEDS_ENVOY,
  "tests/contract/envoy_stream_traffic_test.ts": NEEDS_ENVOY,
  "tests/contract/envoy_tls_traffic_test.ts": NEEDS_ENVOY,
  "tests/contract/kube_api_real_test.ts":
    "a real API server: set BERTH_CONTRACT_KUBECONFIG to a kubeconfig",
};

/** Folders of tests that need nothing but Deno. */
const FOLDERS = ["tests/unit", "tests/contract", "tests/integration"];

/** Reads the skipped tests out of a JUnit report. */
export function readSkipped(junit: string): readonly Skipped[] {
  const cases = junit.matchAll(/<testcase ([^>]*)>\s*<skipped/g);
  return [...cases].map(([, attributes = ""]) => ({
    file: attribute(attributes, "classname").replace(/^\.\//, ""),
    name: attribute(attributes, "name"),
  }));
}

/** One line for each file with skipped tests, with what they need. */
export function skipLines(skipped: readonly Skipped[]): readonly string[] {
  return [...Map.groupBy(skipped, ({ file }) => file)]
    .map(([file, tests]) => {
      const need = NEEDS[file];
      const reason = need === undefined ? "the file tells why" : `they need ${need}`;
      return `skipped ${tests.length} of ${file}: ${reason}`;
    })
    .toSorted();
}

/** Arguments of `deno test`: the folders that exist, unless a path was given. */
export function testArguments(
  args: readonly string[],
  exists: (folder: string) => boolean,
): readonly string[] {
  const hasPath = args.some((arg) => !arg.startsWith("-"));
  return ["test", "-A", "--no-prompt", ...args, ...hasPath ? [] : FOLDERS.filter(exists)];
}

function attribute(attributes: string, name: string): string {
  const raw = new RegExp(`(?:^| )${name}="([^"]*)"`).exec(attributes)?.[1] ?? "";
  return raw.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"')
    .replaceAll("&apos;", "'").replaceAll("&amp;", "&");
}

if (import.meta.main) {
  const report = await Deno.makeTempFile({ suffix: ".xml" });
  const args = testArguments(Deno.args, (folder) => sourceFiles(folder).length > 0);
  const command = new Deno.Command(Deno.execPath(), {
    args: [...args, `--junit-path=${report}`],
    cwd: ROOT,
  });
  const { code } = await command.spawn().status;
  skipLines(readSkipped(await Deno.readTextFile(report))).forEach((line) => console.log(line));
  if (Deno.args.length === 0) {
    console.log("not part of this: tests/e2e, which build a real cluster (deno task test:e2e)");
  }
  await Deno.remove(report);
  Deno.exit(code);
}
