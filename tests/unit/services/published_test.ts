import assert from "assert";
import { publishedText, publishedValue } from "../../../lib/services/mod.ts";

const web = { port: 80, protocol: "TCP", hostAddress: "0.0.0.0", hostPort: 8080 } as const;
const dns = { port: 53, protocol: "UDP", hostAddress: "192.168.1.5", hostPort: 53 } as const;

Deno.test("publishedValue() is for programs, publishedText() for people", () => {
  assert.equal(publishedValue([web, dns]), "80/TCP=8080,53/UDP=53");
  assert.equal(publishedValue([]), undefined);
  assert.equal(publishedValue(), undefined);
  assert.equal(publishedText([web, dns]), "80/TCP at localhost:8080, 53/UDP at 192.168.1.5:53");
});
