import assert from "assert";
import { close, type Duplex, pipeBoth } from "../../../../lib/planes/embedded/tcp_pipe.ts";
import { settle } from "../../../fakes/fake_clock.ts";

/** A connection whose peer is the test. */
class FakeDuplex implements Duplex {
  readonly written: number[] = [];
  readonly buffers: number[] = [];
  readonly log: string[] = [];
  /** Bytes that one write takes. */
  takes = Infinity;
  /** Writes wait for it. */
  gate: Promise<void> = Promise.resolve();
  #incoming: (Uint8Array | null)[] = [];
  #arrived = Promise.withResolvers<void>();
  #closed = false;

  receive(data: string | number | null): void {
    const bytes = typeof data === "number" ? new Uint8Array(data) : data;
    this.#incoming.push(typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes);
    this.#arrived.resolve();
  }

  async read(buffer: Uint8Array): Promise<number | null> {
    this.buffers.push(buffer.length);
    while (this.#incoming.length === 0 && !this.#closed) {
      this.#arrived = Promise.withResolvers();
      await this.#arrived.promise;
    }
    if (this.#closed) throw new Deno.errors.Interrupted("closed");
    const next = this.#incoming.shift() ?? null;
    if (next === null) return null;
    if (next.length > buffer.length) this.#incoming.unshift(next.subarray(buffer.length));
    buffer.set(next.subarray(0, buffer.length));
    return Math.min(next.length, buffer.length);
  }

  async write(data: Uint8Array): Promise<number> {
    await this.gate;
    if (this.#closed) throw new Deno.errors.BrokenPipe("closed");
    const count = Math.min(data.length, this.takes);
    for (const byte of data.subarray(0, count)) this.written.push(byte);
    return count;
  }

  closeWrite(): Promise<void> {
    this.log.push("closeWrite");
    return Promise.resolve();
  }

  close(): void {
    if (this.#closed) throw new Deno.errors.BadResource("closed twice");
    this.#closed = true;
    this.log.push("close");
    this.#arrived.resolve();
  }

  get text(): string {
    return new TextDecoder().decode(new Uint8Array(this.written));
  }
}

Deno.test("pipeBoth() copies both ways and passes on each half's end by itself", async () => {
  const [a, b] = [new FakeDuplex(), new FakeDuplex()];
  const piping = pipeBoth(a, b);
  a.receive("question");
  a.receive(null);
  await settle();
  assert.deepEqual([b.text, b.log, a.log], ["question", ["closeWrite"], []]);
  b.receive("answer");
  b.receive(null);
  await piping;
  assert.deepEqual([a.text, a.log, b.log], [
    "answer",
    ["closeWrite", "close"],
    ["closeWrite", "close"],
  ]);
});

Deno.test("pipeBoth() reads on only when the write before is done", async () => {
  const [a, b] = [new FakeDuplex(), new FakeDuplex()];
  const gate = Promise.withResolvers<void>();
  b.gate = gate.promise;
  const piping = pipeBoth(a, b);
  a.receive("one");
  await settle();
  a.receive("two");
  a.receive(null);
  b.receive(null);
  await settle();
  assert.equal(a.buffers.length, 1);
  gate.resolve();
  await piping;
  assert.equal(b.text, "onetwo");
});

Deno.test("pipeBoth() repeats short writes", async () => {
  const [a, b] = [new FakeDuplex(), new FakeDuplex()];
  b.takes = 3;
  a.receive("a long line");
  for (const side of [a, b]) side.receive(null);
  await pipeBoth(a, b);
  assert.equal(b.text, "a long line");
});

Deno.test("pipeBoth() takes larger buffers while they fill, up to a limit", async () => {
  const [a, b] = [new FakeDuplex(), new FakeDuplex()];
  a.receive(1_000_000);
  for (const side of [a, b]) side.receive(null);
  await pipeBoth(a, b);
  assert.equal(b.written.length, 1_000_000);
  assert.deepEqual(a.buffers.slice(0, 4), [16_384, 65_536, 262_144, 262_144]);
  assert.equal(Math.max(...a.buffers), 262_144);
  assert.deepEqual(b.buffers, [16_384]);
});

Deno.test("pipeBoth() ends both ways when one breaks", async () => {
  const [a, b] = [new FakeDuplex(), new FakeDuplex()];
  const piping = pipeBoth(a, b);
  await settle();
  b.close();
  await piping;
  assert.deepEqual([a.log, b.log], [["close"], ["close"]]);
});

Deno.test("close() bears a connection that is closed", () => {
  const connection = new FakeDuplex();
  close(connection);
  close(connection);
  assert.deepEqual(connection.log, ["close"]);
});
