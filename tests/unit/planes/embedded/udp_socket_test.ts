import assert from "assert";
import {
  type Datagram,
  openUdpSocket,
  type UdpSocket,
} from "../../../../lib/planes/embedded/udp_socket.ts";
import { hasIpv6, ownLoopback, ownPort } from "../../../fakes/own_loopback.ts";

async function open(hostname: string, port: number) {
  let arrived = Promise.withResolvers<Datagram>();
  const socket: UdpSocket = await openUdpSocket({ hostname, port }, {
    datagram: (datagram) => arrived.resolve(datagram),
    failed: (error) => arrived.reject(error),
  });
  return {
    socket,
    async next() {
      const datagram = await arrived.promise;
      arrived = Promise.withResolvers();
      return { ...datagram, data: new TextDecoder().decode(datagram.data) };
    },
  };
}

const own = ownLoopback(2);

for (const [family, hostname] of [["IPv4", own], ["IPv6", "::1"]] as const) {
  const ignore = family === "IPv6" && !hasIpv6();
  Deno.test(`openUdpSocket() sends and receives over ${family}`, { ignore }, async () => {
    const [one, two] = [ownPort(1), ownPort(2)];
    const [a, b] = [await open(hostname, one), await open(hostname, two)];
    const data = new TextEncoder().encode("ping");
    a.socket.send({ data, address: hostname, port: two });
    const expected = { data: "ping", address: hostname, port: one };
    assert.deepEqual(await b.next(), expected);
    await Promise.all([a.socket.close(), b.socket.close()]);
    await a.socket.close();
    a.socket.send({ data, address: hostname, port: two });
  });
}

Deno.test("openUdpSocket() names the remedy when it cannot bind", async () => {
  const { socket } = await open(own, 18_053);
  await assert.rejects(open(own, 18_053), { kind: "conflict" });
  await assert.rejects(open("192.0.2.1", 18_053), { kind: "exhausted" });
  await socket.close();
});

Deno.test({
  name: "openUdpSocket() rejects where the permission is missing",
  permissions: { net: ["127.0.0.0/8"] },
  async fn() {
    const { socket } = await open(own, 18_053);
    await socket.close();
    await assert.rejects(open("0.0.0.0", 0), {
      kind: "forbidden",
      message: /--allow-net=0\.0\.0\.0/,
    });
  },
});
