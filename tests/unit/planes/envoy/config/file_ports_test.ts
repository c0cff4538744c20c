import assert from "assert";
import { endpointsFile, filePorts } from "../../../../../lib/planes/envoy/config/file_ports.ts";
import { authorityFile, certificateFile } from "../../../../../lib/planes/envoy/config/secrets.ts";
import {
  backendWith,
  chainOf,
  forwardTo,
  httpPort,
  rawChain,
  routeSpecWith,
  ruleWith,
  shareOf,
  tcpPort,
  udpPort,
} from "../../../../fakes/route_parts.ts";

Deno.test("filePorts() tells which ports each file breaks", () => {
  const upstream = { hostname: "b", names: [], authority: "up", certificate: "me" };
  const client = { authority: "down", mode: "require" } as const;
  const tls = { certificates: ["tls"], alpn: [], client };
  const mirrors = [{ backend: "copy", numerator: 1, denominator: 1 }];
  const spec = routeSpecWith({
    ports: [
      tcpPort([chainOf([{ domains: ["*"], rules: [ruleWith()] }], { tls })], { port: 443 }),
      httpPort([ruleWith({ action: forwardTo({ mirrors }) })]),
      tcpPort([rawChain([shareOf("raw")])], { port: 81 }),
      udpPort([shareOf("raw")]),
    ],
    backends: [
      backendWith({ tls: upstream }),
      backendWith({ name: "copy" }),
      backendWith({ name: "raw", tls: { ...upstream, authority: "system" } }),
    ],
  });
  const ports = filePorts(spec);
  const cases = [
    [endpointsFile("cart"), [80, 443]],
    [endpointsFile("copy"), [80]],
    [endpointsFile("raw"), [81]],
    [endpointsFile("berth-udp-53"), [53]],
    [certificateFile("tls"), [443]],
    [certificateFile("me"), [80, 81, 443]],
    [authorityFile("up"), [80, 443]],
    [authorityFile("down"), [443]],
  ] as const;
  for (const [file, expected] of cases) assert.deepEqual(ports.get(file), expected, file);
  const routes = [...ports].filter(([file]) => file.startsWith("rds-"));
  assert.deepEqual(routes.map(([, own]) => own), [[443], [80]]);
});
