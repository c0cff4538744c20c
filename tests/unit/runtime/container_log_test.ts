import assert from "assert";
import type { EngineClient, GetRequest } from "../../../lib/runtime/client.ts";
import { containerLog } from "../../../lib/runtime/container_log.ts";

type Client = Pick<EngineClient, "get">;

/** An engine whose log has so many lines of eight bytes, one frame each, cut every five bytes. */
function client(count: number, asked: GetRequest[] = []): Client {
  const all = Array.from({ length: count }, (_, i) => frame(`${i}`.padStart(7, "0") + "\n")).flat();
  return {
    get(_what, request, read) {
      asked.push(request);
      return read(pieces(all));
    },
  };
}

async function* pieces(bytes: readonly number[]): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 5) yield new Uint8Array(bytes.slice(at, at + 5));
}

function frame(text: string): number[] {
  return [1, 0, 0, 0, 0, 0, 0, text.length, ...new TextEncoder().encode(text)];
}

async function text(log: Promise<Uint8Array>): Promise<string> {
  return new TextDecoder().decode(await log);
}

Deno.test("containerLog() keeps the newest bytes, wherever the transport cuts", async () => {
  const whole = "0000000\n0000001\n0000002\n";
  for (const bytes of [1, 7, 8, 9, 23, 24, 25]) {
    const log = containerLog(client(3), "a", { lines: 10, bytes });
    assert.equal(await text(log), whole.slice(-bytes), `${bytes}`);
  }
  assert.equal(await text(containerLog(client(0), "a", { lines: 10, bytes: 10 })), "");
});

Deno.test("containerLog() asks for both outputs, and for no more lines than are wanted", async () => {
  const asked: GetRequest[] = [];
  await containerLog(client(1, asked), "a/b", { lines: 7, bytes: 10 });
  assert.deepEqual(asked, [{
    path: "/containers/a%2Fb/logs",
    query: { stdout: true, stderr: true, tail: 7 },
  }]);
});

Deno.test("containerLog() rejects when the answer breaks off", async () => {
  const broken: Client = {
    get: (_what, _request, read) =>
      read(async function* () {
        yield new Uint8Array(frame("one\n"));
        await Promise.reject(new Error("reset"));
      }()),
  };
  await assert.rejects(containerLog(broken, "a", { lines: 1, bytes: 9 }), /reset/);
});
