/** Reads the suite's own report: a pass must also be one there. Pure. */
import { parse } from "yaml";
import type { Channel } from "./gateway_verdict.ts";

/** Features that the standard definitions cannot express: HTTPRoute has no `retry` there. */
const EXPERIMENTAL = /^HTTPRouteRetry/;

interface Part {
  readonly result?: string;
  readonly unsupportedFeatures?: readonly string[];
}

interface Report {
  readonly gatewayAPIChannel?: string;
  readonly profiles?: readonly { readonly name: string; readonly core?: Part; extended?: Part }[];
}

/** What keeps the report of a whole run from being one of full conformance; empty when nothing. */
export function reportProblems(
  yaml: string,
  profiles: readonly string[],
  channel: Channel,
): readonly string[] {
  const report = parse(yaml) as Report;
  const found = report.gatewayAPIChannel;
  const problems = found === channel ? [] : [`the report is about channel "${found}"`];
  for (const name of profiles) {
    const profile = report.profiles?.find((one) => one.name === name);
    for (const part of ["core", "extended"] as const) {
      const result = profile?.[part]?.result ?? "missing";
      if (result !== "success") problems.push(`${name}: ${part} is ${result}`);
    }
    const lacking = (profile?.extended?.unsupportedFeatures ?? [])
      .filter((feature) => channel === "experimental" || !EXPERIMENTAL.test(feature));
    problems.push(...lacking.map((feature) => `${name}: ${feature} is not claimed`));
  }
  return problems;
}
