import assert from "assert";
import { encodeBlock } from "../../../../lib/planes/agent/agent_protocol.ts";
import { AGENT_SCRIPT } from "../../../../lib/planes/agent/agent_script.ts";

const hasPerl = await new Deno.Command("perl", { args: ["-e", "1"] }).output()
  .then(({ success }) => success, () => false);

/** Runs the agent on this machine; its input comes in pieces of any size. */
async function said(pieces: readonly string[]): Promise<readonly string[]> {
  const child = new Deno.Command("perl", {
    args: ["-e", AGENT_SCRIPT],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  for (const piece of pieces) await writer.write(new TextEncoder().encode(piece));
  await writer.close();
  const { code, stdout, stderr } = await child.output();
  assert.equal(new TextDecoder().decode(stderr), "");
  assert.equal(code, 0);
  return new TextDecoder().decode(stdout).trimEnd().split("\n");
}

function agentTest(name: string, fn: () => Promise<void>): void {
  Deno.test({ name: `the agent ${name}`, ignore: !hasPerl, fn });
}

agentTest("answers blocks in order and ends with its input", async () => {
  const text = encodeBlock(1, [{ verb: "ask", text: "echo one; echo; echo two" }]) +
    encodeBlock(2, []) + encodeBlock(3, [{ verb: "ask", text: "printf three" }]);
  const expected = [
    "ready",
    "out 1 one",
    "out 1 ",
    "out 1 two",
    "done 1",
    "done 2",
    "out 3 three",
    "done 3",
  ];
  assert.deepEqual(await said([text]), expected);
  assert.deepEqual(await said([...text]), expected);
});

agentTest("takes payloads as they are", async () => {
  const text = "cat <<'END'\nblock 9 1\nask 3\nno\nEND\n";
  assert.deepEqual(await said([encodeBlock(1, [{ verb: "ask", text }])]), [
    "ready",
    "out 1 block 9 1",
    "out 1 ask 3",
    "out 1 no",
    "done 1",
  ]);
});

agentTest("says in one line why a step failed and leaves out those after it", async () => {
  const steps = [
    { verb: "ask", text: "echo first >&2; echo second >&2; exit 3" },
    { verb: "ask", text: "echo never" },
  ] as const;
  const silent = [{ verb: "ask", text: "exit 4" }] as const;
  assert.deepEqual(await said([encodeBlock(1, steps), encodeBlock(2, silent)]), [
    "ready",
    "fail 1 ask: first; second; ",
    "fail 2 ask: exit code 4",
  ]);
});

agentTest("refuses verbs that it does not know", async () => {
  assert.deepEqual(await said(["block 1 1\ndance 0\n\n"]), [
    "ready",
    "fail 1 dance: unknown verb dance",
  ]);
});

agentTest("gives a large payload to its command and takes a large answer", async () => {
  const text = `cat <<'END' | wc -c\n${
    "x".repeat(100_000)
  }\nEND\nhead -c 200000 /dev/zero | tr '\\0' y`;
  const [, count, line] = await said([encodeBlock(1, [{ verb: "ask", text }])]);
  assert.equal(count, "out 1 100001");
  assert.equal(line?.length, "out 1 ".length + 200_000);
});

agentTest("writes files whole, with their mode, and says why it cannot", async () => {
  const folder = await Deno.makeTempDir();
  const owner = `${Deno.uid()}:${Deno.gid()}`;
  const write = (path: string, mode: string, content: string) =>
    ({ verb: "write", text: `${path} ${mode} ${owner}\n${content}` }) as const;
  const lines = await said([
    encodeBlock(1, [
      write(`${folder}/a`, "0640", "one\ntwo\n"),
      write(`${folder}/a`, "0600", "x\n"),
    ]),
    encodeBlock(2, [write(`${folder}/none/a`, "0640", "")]),
  ]);
  assert.deepEqual(lines.slice(0, 2), ["ready", "done 1"]);
  assert.match(lines[2] ?? "", /^fail 2 write: .*none\/a\.new: No such file/);
  assert.equal(await Deno.readTextFile(`${folder}/a`), "x\n");
  assert.equal(((await Deno.stat(`${folder}/a`)).mode ?? 0) & 0o777, 0o600);
  assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name), ["a"]);
  await Deno.remove(folder, { recursive: true });
});

agentTest("asks a Unix socket by HTTP", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/http.sock`;
  const server = Deno.serve({ path, onListen: () => {} }, ({ url }) => {
    const { pathname, search } = new URL(url.replace(/^http\+unix:\/\/[^/]*/, "http://x"));
    return new Response(`${pathname}${search}\nsecond\n`, {
      status: pathname === "/bad" ? 404 : 200,
    });
  });
  const get = (target: string) => ({ verb: "get", text: `${path} ${target}` }) as const;
  const lines = await said([
    encodeBlock(1, [get("/stats?a=b")]),
    encodeBlock(2, [get("/bad")]),
    encodeBlock(3, [{ verb: "get", text: `${folder}/none /` }]),
  ]);
  assert.deepEqual(lines.slice(0, 4), ["ready", "out 1 /stats?a=b", "out 1 second", "done 1"]);
  assert.match(lines[4] ?? "", /^fail 2 get: HTTP\/1\.[01] 404 .*\/bad/);
  assert.match(lines[5] ?? "", /^fail 3 get: .*none: No such file/);
  await server.shutdown();
  await Deno.remove(folder, { recursive: true });
});
