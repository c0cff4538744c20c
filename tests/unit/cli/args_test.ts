import assert from "assert";
import { parseArgs } from "../../../lib/cli/args.ts";
import type { Settings } from "../../../lib/cli/options.ts";
import { fakeSettings } from "../../fakes/cli.ts";

const good: readonly {
  readonly line: string;
  readonly command: string;
  readonly topic?: string;
  readonly given?: Partial<Settings>;
}[] = [
  { line: "", command: "run" },
  { line: "run", command: "run" },
  { line: "--plane kernel", command: "run", given: { plane: "kernel" } },
  { line: "--plane=kernel run -v 3", command: "run", given: { plane: "kernel", verbosity: 3 } },
  { line: "config", command: "config" },
  { line: "config ns/web", command: "config", given: { proxy: "ns/web" } },
  { line: "-v 3 config --proxy web", command: "config", given: { proxy: "web", verbosity: 3 } },
  { line: "-v=3", command: "run", given: { verbosity: 3 } },
  { line: "-v3", command: "run", given: { verbosity: 3 } },
  { line: "--keep", command: "run", given: { keep: true } },
  { line: "--no-keep", command: "run", given: { keep: false } },
  { line: "--keep=true", command: "run", given: { keep: true } },
  {
    line: "--enable-default-ingress=false",
    command: "run",
    given: { enableDefaultIngress: false },
  },
  { line: "--enable-lb-port-mapping", command: "run", given: { enableLbPortMapping: true } },
  {
    line: "--enable-log-dumping --logs-dir /tmp/x",
    command: "run",
    given: { enableLogDumping: true, logsDir: "/tmp/x" },
  },
  { line: "--gateway-channel disabled", command: "run", given: { gatewayChannel: "disabled" } },
  { line: "--cluster a --cluster b status", command: "status", given: { clusters: ["a", "b"] } },
  { line: "status -o json", command: "status", given: { output: "json" } },
  { line: "-v 4 list-images", command: "list-images", given: { verbosity: 4 } },
  { line: "cleanup --all --dry-run", command: "cleanup", given: { all: true, dryRun: true } },
  {
    line: "ipam --OutSideCluster=true --leader-elect=false --leader-elect-retry-period=1s",
    command: "ipam",
    given: { outsideCluster: true, leaderElect: false, retryPeriod: "1s" },
  },
  { line: "ipam --cloud-provider=kubevip", command: "ipam" },
  { line: "manifests ipam --image r/b:1", command: "manifests ipam", given: { image: "r/b:1" } },
  { line: "help", command: "help" },
  { line: "help status", command: "help", topic: "status" },
  { line: "status --help", command: "help", topic: "status" },
  { line: "help manifests", command: "help", topic: "manifests" },
  { line: "-h", command: "help" },
  { line: "--version", command: "version" },
];

for (const { line, command, topic, given = {} } of good) {
  Deno.test(`parseArgs() understands "berth ${line}"`, () => {
    const result = parseArgs(line.split(" ").filter((word) => word !== ""), () => undefined);
    assert.ok(result.ok);
    const { invocation } = result;
    assert.equal(invocation.command, command);
    assert.equal(invocation.topic, topic);
    assert.deepEqual(invocation.settings, { ...fakeSettings("help"), ...given });
  });
}

const bad: readonly { readonly line: string; readonly issues: readonly (string | RegExp)[] }[] = [
  { line: "kernel", issues: [/^there is no command kernel: use run, dev, .* or completion$/] },
  { line: "rum", issues: ["there is no command rum: did you mean run?"] },
  { line: "help statsu", issues: ["there is no command statsu: did you mean status?"] },
  {
    line: "status now",
    issues: ["there is no command status now: use berth status with gateways"],
  },
  {
    line: "status gatways",
    issues: ["there is no command status gatways: did you mean status gateways?"],
  },
  {
    line: "-v 3 keepalived agnt x",
    issues: ["there is no command keepalived agnt: did you mean keepalived agent?"],
  },
  {
    line: "help manifests ipma",
    issues: ["there is no command manifests ipma: did you mean manifests ipam?"],
  },
  {
    line: "status gateways now",
    issues: [`berth status gateways takes no argument: remove "now"`],
  },
  {
    line: "manifests",
    issues: ["berth manifests alone does nothing: add ipam or keepalived"],
  },
  {
    line: "status help",
    issues: ["there is no command status help: use berth status with gateways"],
  },
  { line: "doctor help", issues: [`berth doctor takes no argument: remove "help"`] },
  {
    line: "--nework x",
    issues: ["unexpected option or argument: --nework: did you mean --network?"],
  },
  { line: "--nope", issues: ["unexpected option or argument: --nope: see berth help"] },
  { line: "help run dev", issues: [`berth run takes no argument: remove "dev"`] },
  { line: "--plane", issues: ["--plane requires PLANE"] },
  { line: "--keep --keep", issues: ["--keep cannot be used multiple times: give it once"] },
  {
    line: "--keep --no-keep",
    issues: ["--keep and --no-keep cannot be used together: give it once"],
  },
  { line: "--keep=maybe", issues: [`--keep cannot be "maybe": use true or false`] },
  {
    line: "--plane cloud --workers 99",
    issues: [
      `--plane cannot be "cloud": use auto, kernel, envoy or embedded`,
      `--workers cannot be "99": use a whole number from 1 to 64`,
    ],
  },
  {
    line: "status --workers 3",
    issues: ["--workers is no option of berth status: it belongs to berth run, berth dev"],
  },
];

for (const { line, issues } of bad) {
  Deno.test(`parseArgs() refuses "berth ${line}"`, () => {
    const result = parseArgs(line.split(" "), () => undefined);
    assert.ok(!result.ok);
    assert.equal(result.issues.length, issues.length, result.issues.join("\n"));
    issues.forEach((issue, i) =>
      typeof issue === "string"
        ? assert.equal(result.issues[i], issue)
        : assert.match(result.issues[i] ?? "", issue)
    );
  });
}
