import assert from "assert";
import { configure, type LogRecord, reset } from "@logtape/logtape";
import { tellPartsOff } from "../../../../lib/cli/app/parts_off.ts";

for (
  const { gatewayChannel, enableIngress, said } of [
    { gatewayChannel: "standard", enableIngress: true, said: [] },
    { gatewayChannel: "disabled", enableIngress: true, said: ["Gateways are not served"] },
    { gatewayChannel: "experimental", enableIngress: false, said: ["Ingresses are not served"] },
  ] as const
) {
  const name = `with ${gatewayChannel} Gateways and Ingresses ${enableIngress ? "on" : "off"}`;
  Deno.test(`tellPartsOff() says ${said.length === 0 ? "nothing" : said.join()} ${name}`, async () => {
    const records: LogRecord[] = [];
    await configure({
      sinks: { memory: (record) => records.push(record) },
      loggers: [
        { category: ["berth"], sinks: ["memory"], lowestLevel: "info" },
        { category: ["logtape", "meta"], lowestLevel: "fatal" },
      ],
    });
    try {
      tellPartsOff({ gatewayChannel, enableIngress });
    } finally {
      await reset();
    }
    assert.deepEqual(records.map(({ rawMessage }) => rawMessage), said);
  });
}
