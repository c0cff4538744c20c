import assert from "assert";
import type { GatewayStatuses } from "../../../lib/gateway/plan_types.ts";
import type { InputOptions } from "../../fakes/gateway_input.ts";
import { gatewayConditions, gatewayYaml, planOf } from "../../fakes/gateway_plans.ts";
import { line, servedAll } from "../../fakes/gateway_text.ts";

const HTTP = "{ name: http, port: 80, protocol: HTTP }";
const ODD = "{ name: odd, port: 1111, protocol: INVALID }";

const cases: readonly {
  readonly name: string;
  readonly manifest: string;
  readonly options?: InputOptions;
  readonly accepted: string;
  readonly programmed: string;
}[] = [
  {
    name: "one good listener",
    manifest: gatewayYaml(HTTP),
    accepted: "True Accepted",
    programmed: "True Programmed",
  },
  {
    name: "an unsupported protocol alone (GatewayListenerUnsupportedProtocol)",
    manifest: gatewayYaml(ODD),
    accepted: "False ListenersNotValid",
    programmed: "False Invalid",
  },
  {
    name: "an unsupported protocol beside a good one (GatewayListenerUnsupportedProtocol)",
    manifest: gatewayYaml(`${HTTP}, ${ODD}`),
    accepted: "True ListenersNotValid",
    programmed: "True Programmed",
  },
  {
    name: "parameters (GatewayInvalidParametersRef)",
    manifest: gatewayYaml(
      HTTP,
      "infrastructure: { parametersRef: { group: example.com, kind: X, name: x } }",
    ),
    accepted: "False InvalidParameters",
    programmed: "False Invalid",
  },
  {
    name: "an unknown type of address (GatewayStaticAddresses)",
    manifest: gatewayYaml(HTTP, "addresses: [{ type: test/fake, value: x }]"),
    accepted: "False UnsupportedAddress",
    programmed: "False Invalid",
  },
  {
    name: "an address that is taken",
    manifest: gatewayYaml(HTTP, "addresses: [{ value: 172.18.0.9 }]"),
    options: { unusable: { "172.18.0.9": "it is a node's: ask for another" } },
    accepted: "True Accepted",
    programmed: "False AddressNotUsable",
  },
  {
    name: "a host name as address (GatewayStaticAddresses)",
    manifest: gatewayYaml(HTTP, "addresses: [{ type: Hostname, value: invalid.io }]"),
    accepted: "True Accepted",
    programmed: "False AddressNotUsable",
  },
  {
    name: "an address that is none",
    manifest: gatewayYaml(HTTP, "addresses: [{ value: invalid.io }]"),
    accepted: "True Accepted",
    programmed: "False AddressNotUsable",
  },
  {
    name: "a type without a value (GatewayOptionalAddressValue)",
    manifest: gatewayYaml(HTTP, "addresses: [{ type: IPAddress }]"),
    accepted: "True Accepted",
    programmed: "True Programmed",
  },
  {
    name: "no address yet",
    manifest: gatewayYaml(HTTP),
    options: { addresses: [] },
    accepted: "True Accepted",
    programmed: "False AddressNotAssigned",
  },
  {
    name: "no listener",
    manifest: gatewayYaml(""),
    accepted: "True Accepted",
    programmed: "False Invalid",
  },
];

Deno.test.each(cases)("gatewayStatus() with $name", ({ manifest, options, ...want }) => {
  const conditions = gatewayConditions(planOf(manifest, options));
  assert.deepEqual(conditions.slice(0, 2), [
    `Accepted ${want.accepted}`,
    `Programmed ${want.programmed}`,
  ]);
});

/** GatewayInvalidTLSBackendConfiguration: Accepted stays as it is. */
Deno.test.each([
  { ref: "{ name: gone }", want: "False InvalidClientCertificateRef" },
  { ref: "{ name: c, group: example.com }", want: "False InvalidClientCertificateRef" },
  { ref: "{ name: c, kind: Vault }", want: "False InvalidClientCertificateRef" },
  { ref: "{ name: c, namespace: keys }", want: "False RefNotPermitted" },
])("gatewayStatus() with client certificate $ref", ({ ref, want }) => {
  const manifest = gatewayYaml(HTTP, `tls: { backend: { clientCertificateRef: ${ref} } }`);
  assert.deepEqual(gatewayConditions(planOf(manifest)), [
    "Accepted True Accepted",
    "Programmed True Programmed",
    `ResolvedRefs ${want}`,
  ]);
});

function programmed(statuses: GatewayStatuses): string {
  return (statuses.gateway.conditions ?? []).filter(({ type }) => type === "Programmed").map(line)
    .join();
}

Deno.test("gatewayStatus() tells why the proxy could not", () => {
  const statuses = planOf(gatewayYaml(HTTP)).statuses({ failure: "the engine is down" });
  assert.equal(programmed(statuses), "Programmed False Pending: the engine is down");
  assert.deepEqual(statuses.gateway.addresses, []);
});

Deno.test("gatewayStatus() stands for what the proxy serves though it refuses a port", () => {
  const refused = [{ port: 81, message: "bad bytes" }];
  const answer = {
    key: "k",
    addresses: [{ address: "172.18.0.100" }],
    published: [],
    warnings: [],
  };
  const both = `${HTTP}, { name: alt, port: 81, protocol: HTTP }`;
  const some = planOf(gatewayYaml(both)).statuses({ served: { ...answer, refused } });
  assert.match(programmed(some), /^Programmed True/);
  const alone = planOf(gatewayYaml("{ name: alt, port: 81, protocol: HTTP }"));
  assert.match(programmed(alone.statuses({ served: { ...answer, refused } })), /bad bytes/);
});

Deno.test("gatewayStatus() lists the addresses that answer, with their type", () => {
  const plan = planOf(gatewayYaml(HTTP), { addresses: ["172.18.0.100", "fc00::1"] });
  assert.deepEqual(servedAll(plan).gateway.addresses, [
    { type: "IPAddress", value: "172.18.0.100" },
    { type: "IPAddress", value: "fc00::1" },
  ]);
});

Deno.test("gatewayStatus() warns of client certificates that are not required", () => {
  const validation = `{ mode: AllowInsecureFallback, caCertificateRefs: [] }`;
  const plan = planOf(
    gatewayYaml(HTTP, `tls: { frontend: { default: { validation: ${validation} } } }`),
  );
  assert.equal(
    gatewayConditions(plan)[3],
    "InsecureFrontendValidationMode True ConfigurationChanged",
  );
});
