import assert from "assert";
import { endsTls, isAccepted, isServable } from "../../../lib/gateway/listener_types.ts";
import { planListeners } from "../../../lib/gateway/listeners.ts";
import { lookups } from "../../../lib/gateway/lookups.ts";
import { gatewayInput } from "../../fakes/gateway_input.ts";
import { gatewayYaml } from "../../fakes/gateway_plans.ts";

const input = gatewayInput(gatewayYaml(`
  { name: fine, port: 80, protocol: HTTP },
  { name: keyless, port: 443, protocol: HTTPS, tls: { certificateRefs: [{ name: gone }] } },
  { name: passed, port: 444, protocol: TLS, tls: { mode: Passthrough } },
  { name: kindless, port: 81, protocol: HTTP, allowedRoutes: { kinds: [{ kind: X }] } },
  { name: odd, port: 82, protocol: ODD },
  { name: clash, port: 83, protocol: TCP },
  { name: crash, port: 83, protocol: HTTP }
`));
const listeners = planListeners({
  gateway: input.gateway,
  listenerSets: [],
  lookups: lookups(input),
});

Deno.test("isAccepted() does not ask for certificates, isServable() does", () => {
  const names = (of: typeof listeners) => of.map(({ spec }) => spec.name).join(" ");
  assert.equal(names(listeners.filter(isAccepted)), "fine keyless passed kindless");
  assert.equal(names(listeners.filter(isServable)), "fine passed");
});

Deno.test.each(
  [
    { protocol: "HTTP", mode: undefined, want: false },
    { protocol: "HTTPS", mode: undefined, want: true },
    { protocol: "TLS", mode: undefined, want: true },
    { protocol: "TLS", mode: "Terminate", want: true },
    { protocol: "TLS", mode: "Passthrough", want: false },
  ] as const,
)("endsTls() of $protocol $mode", ({ protocol, mode, want }) => {
  const spec = { name: "l", port: 1, protocol, ...(mode && { tls: { mode } }) };
  assert.equal(endsTls(spec), want);
});
