import assert from "assert";
import { LOCK_SCRIPT } from "../../../lib/clusters/lock_script.ts";
import { LineSplitter } from "../../../lib/runtime/lines.ts";

const hasPerl = await new Deno.Command("perl", { args: ["-e", "1"] }).output()
  .then(({ success }) => success, () => false);

/** The program on this machine. */
class Locker implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #lines: AsyncGenerator<string>;

  constructor(path: string, patient: boolean) {
    this.#child = new Deno.Command("perl", {
      args: ["-e", LOCK_SCRIPT, path, patient ? "1" : "0"],
      ...{ stdin: "piped", stdout: "piped", stderr: "null" },
    }).spawn();
    this.#writer = this.#child.stdin.getWriter();
    this.#lines = linesOf(this.#child.stdout);
  }

  async line(): Promise<string | undefined> {
    const { value, done } = await this.#lines.next();
    return done ? undefined : value;
  }

  async write(text: string): Promise<void> {
    await this.#writer.write(new TextEncoder().encode(text));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writer.close().catch(() => {});
    await this.#lines.return(undefined);
    await this.#child.status;
  }
}

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const splitter = new LineSplitter();
  for await (const chunk of stream) yield* splitter.push(chunk);
}

function lockTest(name: string, fn: (path: string) => Promise<void>): void {
  const run = async () => {
    const path = await Deno.makeTempFile();
    await fn(path).finally(() => Deno.remove(path));
  };
  Deno.test({ name: `the lock's program ${name}`, ignore: !hasPerl, fn: run });
}

lockTest("waits for whoever has the lock, and has it until its input ends", async (path) => {
  const first = new Locker(path, true);
  assert.equal(await first.line(), "held");
  await using second = new Locker(path, true);
  assert.equal(await second.line(), "busy");
  await first[Symbol.asyncDispose]();
  assert.equal(await second.line(), "held");
});

lockTest("only looks when it is told to", async (path) => {
  await using look = new Locker(path, false);
  assert.deepEqual([await look.line(), await look.line()], ["held", undefined]);
  await using holder = new Locker(path, true);
  assert.equal(await holder.line(), "held");
  await using again = new Locker(path, false);
  assert.deepEqual([await again.line(), await again.line()], ["busy", undefined]);
});

lockTest("answers for what is no address without a word to the network", async (path) => {
  await using lock = new Locker(path, true);
  assert.equal(await lock.line(), "held");
  await lock.write("nonsense\n300.1.");
  assert.equal(await lock.line(), "free nonsense");
  await lock.write("1.1\n");
  assert.equal(await lock.line(), "free 300.1.1.1");
});

lockTest("says nothing where the file cannot be made", async () => {
  await using lock = new Locker("/nonesuch/berth.lock", true);
  assert.equal(await lock.line(), undefined);
});
