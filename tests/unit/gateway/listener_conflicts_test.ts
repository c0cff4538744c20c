import assert from "assert";
import { conflicts, overlaps, type PortUse } from "../../../lib/gateway/listener_conflicts.ts";
import type { ListenerClass, ListenerOwner } from "../../../lib/gateway/listener_types.ts";

const metadata = { name: "o", uid: "u", resourceVersion: "1" };
const own: ListenerOwner = {
  kind: "Gateway",
  path: "infra/gw",
  object: { metadata, spec: { gatewayClassName: "berth" } },
};
const other: ListenerOwner = {
  kind: "ListenerSet",
  path: "infra/set",
  object: { metadata, spec: { parentRef: { name: "gw" }, listeners: [] } },
};
const classes: Readonly<Record<string, ListenerClass>> = {
  HTTP: "http",
  HTTPS: "tls",
  TLS: "tls",
  TCP: "tcp",
  UDP: "udp",
};

/** `HTTP 80 host` of an owner. */
function use(text: string, owner: ListenerOwner = own): PortUse {
  const [protocol = "", port = "", host = "*"] = text.split(" ");
  return {
    key: `${owner.kind} ${text}`,
    owner,
    spec: { name: text, protocol, port: Number(port) },
    host,
    class: classes[protocol],
  };
}

const cases: readonly {
  readonly name: string;
  readonly uses: readonly PortUse[];
  readonly want: Readonly<Record<string, string>>;
}[] = [
  { name: "different hosts", uses: [use("HTTP 80 a"), use("HTTP 80 b"), use("HTTP 80")], want: {} },
  { name: "TCP beside UDP", uses: [use("TCP 53"), use("UDP 53")], want: {} },
  { name: "HTTPS beside TLS", uses: [use("HTTPS 443 a"), use("TLS 443 b")], want: {} },
  { name: "unknown protocols", uses: [use("X 80"), use("HTTP 80")], want: {} },
  {
    name: "equal hosts of one owner: nobody wins",
    uses: [use("HTTPS 443 a"), use("TLS 443 a"), use("HTTPS 443 b")],
    want: { "Gateway HTTPS 443 a": "HostnameConflict", "Gateway TLS 443 a": "HostnameConflict" },
  },
  {
    name: "different protocols of one owner: nobody wins",
    uses: [use("HTTP 80 a"), use("TCP 80"), use("HTTP 81")],
    want: { "Gateway HTTP 80 a": "ProtocolConflict", "Gateway TCP 80": "ProtocolConflict" },
  },
  {
    name: "equal hosts of two owners: the earlier wins",
    uses: [use("HTTP 80 a"), use("HTTP 80 a", other), use("HTTP 80 b", other)],
    want: { "ListenerSet HTTP 80 a": "HostnameConflict" },
  },
  {
    name: "different protocols of two owners: the earlier wins",
    uses: [use("HTTP 80 a"), use("TCP 80", other)],
    want: { "ListenerSet TCP 80": "ProtocolConflict" },
  },
  {
    name: "one TCP port of two owners",
    uses: [use("TCP 80"), use("TCP 80", other)],
    want: { "ListenerSet TCP 80": "ProtocolConflict" },
  },
];

Deno.test.each(cases)("conflicts() with $name", ({ uses, want }) => {
  const found = [...conflicts(uses)].map(([key, { reason }]) => [key, reason]);
  assert.deepEqual(Object.fromEntries(found), want);
});

Deno.test("overlaps() names both sides, on one port alone", () => {
  const found = overlaps([
    use("HTTPS 443 foo.example.com"),
    use("HTTPS 443 foo.example.org"),
    use("HTTPS 443 *.example.com"),
    use("HTTPS 8443"),
    use("HTTP 443"),
  ]);
  assert.deepEqual([...found], [
    "Gateway HTTPS 443 foo.example.com",
    "Gateway HTTPS 443 *.example.com",
  ]);
});
