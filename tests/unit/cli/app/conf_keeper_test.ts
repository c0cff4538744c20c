import assert from "assert";
import { ConfKeeper, type ConfPorts } from "../../../../lib/cli/app/conf_keeper.ts";

/** keepalived that takes any text without "bad". */
class FakeKeepalived implements ConfPorts {
  file: string | undefined;
  staged = "";
  readonly calls: string[] = [];
  reloads: () => Promise<void> = () => Promise.resolve();

  current = () => Promise.resolve(this.file);
  stage = (text: string) => {
    this.staged = text;
    return Promise.resolve();
  };
  check = () =>
    Promise.resolve(
      this.staged.includes("bad") ? { code: 5, stderr: "it is bad" } : { code: 0, stderr: "" },
    );
  adopt = () => {
    this.file = this.staged;
    this.calls.push(`adopt ${this.staged}`);
    return Promise.resolve();
  };
  reload = async () => {
    await this.reloads();
    this.calls.push("reload");
  };
}

Deno.test("ConfKeeper.keep() checks, adopts, then reloads; the same text is nothing to do", async () => {
  const keepalived = new FakeKeepalived();
  const keeper = new ConfKeeper(keepalived);
  assert.deepEqual(await keeper.keep("one"), { kind: "adopted" });
  assert.deepEqual(await keeper.keep("one"), { kind: "same" });
  assert.deepEqual(keepalived.calls, ["adopt one", "reload"]);
});

Deno.test("ConfKeeper.keep() never adopts or reloads what keepalived refuses", async () => {
  const keepalived = new FakeKeepalived();
  const keeper = new ConfKeeper(keepalived);
  await keeper.keep("one");
  const kept = await keeper.keep("bad");
  assert.ok(kept.kind === "refused");
  assert.match(kept.problem, /refuses the new configuration \(status 5\): it is bad/);
  assert.equal(keepalived.file, "one");
  assert.deepEqual(keepalived.calls, ["adopt one", "reload"]);
  assert.deepEqual(await keeper.keep("two"), { kind: "adopted" });
});

Deno.test("ConfKeeper.keep() reloads a keepalived that may not know the file it finds", async () => {
  const keepalived = new FakeKeepalived();
  keepalived.file = "one";
  await new ConfKeeper(keepalived).keep("one");
  assert.deepEqual(keepalived.calls, ["reload"]);
});

Deno.test("ConfKeeper.keep() reloads again after a reload that failed", async () => {
  const keepalived = new FakeKeepalived();
  const keeper = new ConfKeeper(keepalived);
  keepalived.reloads = () => Promise.reject(new Error("no permission"));
  await assert.rejects(keeper.keep("one"));
  keepalived.reloads = () => Promise.resolve();
  assert.deepEqual(await keeper.keep("one"), { kind: "adopted" });
  assert.deepEqual(keepalived.calls, ["adopt one", "reload"]);
});

Deno.test("ConfKeeper.keep() puts its text back when somebody changed the file", async () => {
  const keepalived = new FakeKeepalived();
  const keeper = new ConfKeeper(keepalived);
  await keeper.keep("one");
  keepalived.file = "edited";
  assert.deepEqual(await keeper.keep("one"), { kind: "adopted" });
  assert.equal(keepalived.file, "one");
});
