import assert from "assert";
import { reportProblems } from "./gateway_report.ts";
import { PROFILES } from "./gateway_verdict.ts";

function report(extended: string, channel = "experimental"): string {
  return [
    `gatewayAPIChannel: ${channel}`,
    "profiles:",
    "- name: GATEWAY-HTTP",
    "  core: {result: success}",
    `  extended: ${extended}`,
  ].join("\n");
}

Deno.test("reportProblems() finds nothing in a report of full conformance", () => {
  const text = report("{result: success, supportedFeatures: [HTTPRouteCORS]}");
  assert.deepEqual(reportProblems(text, ["GATEWAY-HTTP"], "experimental"), []);
});

Deno.test("reportProblems() names what is not claimed, partial or missing", () => {
  const text = report("{result: partial, unsupportedFeatures: [HTTPRouteCORS]}", "standard");
  assert.deepEqual(reportProblems(text, ["GATEWAY-HTTP", "GATEWAY-UDP"], "experimental"), [
    'the report is about channel "standard"',
    "GATEWAY-HTTP: extended is partial",
    "GATEWAY-HTTP: HTTPRouteCORS is not claimed",
    "GATEWAY-UDP: core is missing",
    "GATEWAY-UDP: extended is missing",
  ]);
});

Deno.test("reportProblems() lets the standard channel lack retries, and nothing else", () => {
  const text = (feature: string) =>
    report(`{result: success, unsupportedFeatures: [${feature}]}`, "standard");
  assert.deepEqual(reportProblems(text("HTTPRouteRetry"), ["GATEWAY-HTTP"], "standard"), []);
  assert.equal(reportProblems(text("ListenerSet"), ["GATEWAY-HTTP"], "standard").length, 1);
});

for (const channel of ["experimental", "standard"] as const) {
  Deno.test(`the ${channel} report of this repository is one of full conformance`, async () => {
    const name = `reports/${channel}-0.1.0-default-report.yaml`;
    const text = await Deno.readTextFile(new URL(name, import.meta.url));
    assert.deepEqual(reportProblems(text, PROFILES, channel), []);
  });
}
