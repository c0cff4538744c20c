/** What the official Gateway API suite holds, and when a run of it counts as passed. Pure. */
import table from "./gateway_tests.json" with { type: "json" };
import { failureReason, type TestResult } from "./go_test_output.ts";

/** The two sets of resource definitions. */
export type Channel = "standard" | "experimental";

/** The profiles of the suite that are about gateways. */
export const PROFILES = [
  "GATEWAY-HTTP",
  "GATEWAY-GRPC",
  "GATEWAY-TLS",
  "GATEWAY-TCP",
  "GATEWAY-UDP",
] as const;

/** Release of the suite that the table was made from. */
export const SUITE_VERSION: string = table.version;

/** Every gateway test and the features that it needs besides Gateway. */
export const GATEWAY_TESTS: Readonly<Record<string, readonly string[]>> = table.gateway;

/** Tests of service meshes: berth is none. */
export const MESH_TESTS: ReadonlySet<string> = new Set(table.mesh);

/** Tests that pass without checking anything once these features are claimed, by their own code. */
export const EMPTY_WHEN_CLAIMED: Readonly<Record<string, string>> = {
  TLSRouteListenerMixedTerminationNotSupported:
    "is about gateways without TLSRouteModeMixed, and returns at once for others",
  TLSRouteListenerTerminateNotSupported:
    "is about gateways without TLSRouteModeTerminate, and returns at once for others",
};

/** Features whose fields only the experimental definitions have. */
const EXPERIMENTAL: Readonly<Record<string, string>> = {
  HTTPRouteRetry: "the standard HTTPRoute has no field `retry`",
};

/** Why a test failed that was never started. */
export const NOT_RUN = "did not run";

/** A test that did not do what it had to. */
export interface Failure {
  readonly name: string;
  readonly why: string;
}

/** How a run ended. */
export interface Verdict {
  readonly passed: number;
  readonly failures: readonly Failure[];
  /** Tests that the channel cannot express, with the reason. */
  readonly leftOut: readonly Failure[];
}

/** The gateway tests whose names match one of the patterns (`*` stands for anything). */
export function chosenTests(patterns: readonly string[]): readonly string[] {
  const names = Object.keys(GATEWAY_TESTS);
  if (patterns.length === 0) return names;
  return patterns.flatMap((pattern) => {
    const expression = new RegExp(`^${pattern.replaceAll("*", ".*")}$`);
    const found = names.filter((name) => expression.test(name));
    if (found.length === 0) {
      throw new Error(`"${pattern}" names no gateway test of the suite: see --list`);
    }
    return found;
  });
}

/** Every feature that some gateway test needs. */
export function allFeatures(): readonly string[] {
  return [...new Set(["Gateway", ...Object.values(GATEWAY_TESTS).flat()])].toSorted();
}

/** Why a test cannot run on a channel, or undefined when it can. */
export function leftOutReason(name: string, channel: Channel): string | undefined {
  if (channel === "experimental") return undefined;
  const feature = GATEWAY_TESTS[name]?.find((one) => EXPERIMENTAL[one] !== undefined);
  return feature === undefined ? undefined : EXPERIMENTAL[feature];
}

/** Judges a run: every chosen test that the channel can express must have passed. */
export function verdict(
  results: readonly TestResult[],
  chosen: readonly string[],
  channel: Channel,
): Verdict {
  const byName = new Map(results.map((result) => [result.name, result]));
  const leftOut = chosen.flatMap((name) => {
    const why = leftOutReason(name, channel);
    return why === undefined ? [] : [{ name, why }];
  });
  const expected = chosen.filter((name) => leftOutReason(name, channel) === undefined);
  const failures = expected.flatMap((name) => {
    const why = complaint(byName.get(name));
    return why === undefined ? [] : [{ name, why }];
  });
  const unknown = [...byName.keys()]
    .filter((name) => GATEWAY_TESTS[name] === undefined && !MESH_TESTS.has(name))
    .map((name) => ({ name, why: `is not a test of suite ${SUITE_VERSION} as it was listed` }));
  return {
    passed: expected.length - failures.length,
    failures: [...failures, ...unknown],
    leftOut,
  };
}

function complaint(result: TestResult | undefined): string | undefined {
  if (result === undefined) return NOT_RUN;
  if (result.outcome === "passed") return undefined;
  return `${result.outcome}: ${failureReason(result.lines)}`;
}
