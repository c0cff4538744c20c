import assert from "assert";
import { requestedAddresses } from "../../../lib/gateway/addresses.ts";
import type { Gateway } from "../../../lib/gateway/types.ts";

const cases: readonly {
  readonly name: string;
  readonly addresses: Gateway["spec"]["addresses"];
  readonly want: readonly string[];
}[] = [
  { name: "no addresses", addresses: undefined, want: [] },
  { name: "a type without a value", addresses: [{ type: "IPAddress" }], want: [] },
  { name: "a value without a type", addresses: [{ value: "10.0.0.1" }], want: ["10.0.0.1"] },
  { name: "host names", addresses: [{ type: "Hostname", value: "a.example" }], want: [] },
  { name: "words", addresses: [{ type: "IPAddress", value: "nonsense" }], want: [] },
  {
    name: "both families, one of them twice",
    addresses: [{ value: "FC00::0:1" }, { value: "10.0.0.1" }, { value: "fc00::1" }],
    want: ["fc00::1", "10.0.0.1"],
  },
];

Deno.test.each(cases)("requestedAddresses() of $name", ({ addresses, want }) => {
  const gateway: Gateway = {
    metadata: { name: "gw", uid: "u", resourceVersion: "1" },
    spec: { gatewayClassName: "berth", ...(addresses && { addresses }) },
  };
  assert.deepEqual(requestedAddresses(gateway), want);
});
