/** The command line of `deno task conformance`. Pure. */
import { parseArgs } from "node:util";
import { type Channel, chosenTests, PROFILES } from "./gateway_verdict.ts";

/** Help text. */
export const USAGE = `The official Gateway API conformance suite against berth.

  deno task conformance [OPTIONS]

  --channel standard|experimental   resource definitions to install; default experimental
  --run NAME[,NAME...]   only these tests (* stands for anything); repeatable; no report then
  --profiles NAME[,NAME...]         default ${PROFILES.join(",")}
  --class NAME           GatewayClass; default berth
  --parallel N           tests at a time where they allow it; default as many as processors
  --timeout SECONDS      gives up waiting for a status or an answer sooner; no report then
  --bed NAME             a cluster of the test bed that is up; it stays up
  --index N              ranges of the test bed's cluster, see deno task bed
  --keep                 leaves the test bed up at the end, and what the suite made in it
  --cluster KUBECONFIG   a cluster that a running berth serves: starts neither
  --network NAME         its engine network; default KIND_EXPERIMENTAL_DOCKER_NETWORK or kind
  --output FOLDER        for logs and the report; default a temporary one
  --reports FOLDER       for the report of a whole passed run; default in this repository
  --list                 the tests, and what they need
`;

/** What the command line asked for. */
export interface GatewaySettings {
  readonly channel: Channel;
  /** Tests to run. */
  readonly chosen: readonly string[];
  /** All gateway tests in all profiles: what a report is made of. */
  readonly whole: boolean;
  readonly profiles: readonly string[];
  readonly gatewayClass: string;
  readonly parallel: number | undefined;
  /** Seconds for each of the suite's waits; undefined leaves the suite's own. */
  readonly timeout: number | undefined;
  /** A bed cluster that is up already. */
  readonly bed: string | undefined;
  readonly index: number;
  readonly keep: boolean;
  /** Path of a kubeconfig; then berth is running already. */
  readonly cluster: string | undefined;
  readonly network: string | undefined;
  readonly output: string | undefined;
  readonly reports: string | undefined;
  readonly list: boolean;
  readonly help: boolean;
}

/** Reads the command line; throws for what it does not understand. */
export function gatewaySettings(args: readonly string[]): GatewaySettings {
  const { values } = parseArgs({
    args: [...args],
    options: {
      "channel": { type: "string", default: "experimental" },
      "run": { type: "string", multiple: true, default: [] },
      "profiles": { type: "string", default: PROFILES.join(",") },
      "class": { type: "string", default: "berth" },
      "parallel": { type: "string" },
      "timeout": { type: "string" },
      "bed": { type: "string" },
      "index": { type: "string", default: "0" },
      "keep": { type: "boolean", default: false },
      "cluster": { type: "string" },
      "network": { type: "string" },
      "output": { type: "string" },
      "reports": { type: "string" },
      "list": { type: "boolean", default: false },
      "help": { type: "boolean", default: false },
    },
  });
  const patterns = values.run.flatMap((text) => text.split(",")).filter(Boolean);
  const profiles = profilesOf(values.profiles);
  return {
    channel: channelOf(values.channel),
    chosen: chosenTests(patterns),
    whole: patterns.length === 0 && values.timeout === undefined &&
      PROFILES.every((profile) => profiles.includes(profile)),
    profiles,
    gatewayClass: values.class,
    parallel: numberOf("parallel", values.parallel),
    timeout: numberOf("timeout", values.timeout),
    bed: values.bed,
    index: Number(values.index),
    keep: values.keep,
    cluster: values.cluster,
    network: values.network,
    output: values.output,
    reports: values.reports,
    list: values.list,
    help: values.help,
  };
}

function profilesOf(text: string): readonly string[] {
  const names = text.split(",");
  const unknown = names.find((name) => !PROFILES.some((one) => one === name));
  if (unknown === undefined) return names;
  throw new Error(`--profiles "${unknown}" is no gateway profile: use ${PROFILES.join(", ")}`);
}

function numberOf(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new Error(`--${flag} "${text}" must be a whole number above 0`);
}

function channelOf(text: string): Channel {
  if (text === "standard" || text === "experimental") return text;
  throw new Error(`--channel "${text}" must be standard or experimental`);
}
