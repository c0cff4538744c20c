import assert from "assert";
import {
  type Datagram,
  openUdpSocket,
  type UdpSocket,
} from "../../../../lib/planes/embedded/udp_socket.ts";

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

for (const hostname of ["127.82.0.2", "::1"]) {
  Deno.test(`openUdpSocket() sends and receives on ${hostname}`, async () => {
    const [a, b] = [await open(hostname, 18_053), await open(hostname, 18_054)];
    const data = new TextEncoder().encode("ping");
    a.socket.send({ data, address: hostname, port: 18_054 });
    const expected = { data: "ping", address: hostname, port: 18_053 };
    assert.deepEqual(await b.next(), expected);
    await Promise.all([a.socket.close(), b.socket.close()]);
    await a.socket.close();
    a.socket.send({ data, address: hostname, port: 18_054 });
  });
}

Deno.test("openUdpSocket() names the remedy when it cannot bind", async () => {
  const { socket } = await open("127.82.0.2", 18_053);
  await assert.rejects(open("127.82.0.2", 18_053), { kind: "conflict" });
  await assert.rejects(open("192.0.2.1", 18_053), { kind: "exhausted" });
  await socket.close();
});

Deno.test({
  name: "openUdpSocket() rejects where the permission is missing",
  permissions: { net: ["127.0.0.0/8"] },
  async fn() {
    const { socket } = await open("127.82.0.2", 18_053);
    await socket.close();
    await assert.rejects(open("0.0.0.0", 0), {
      kind: "forbidden",
      message: /--allow-net=0\.0\.0\.0/,
    });
  },
});
