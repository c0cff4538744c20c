import assert from "assert";
import { givenTexts } from "../../../../lib/cli/sources/given_files.ts";

const command = "pools explain" as const;

Deno.test("givenTexts() reads files and standard input, each once, in their order", async () => {
  const file = await Deno.makeTempFile();
  let reads = 0;
  const stdin = () => Promise.resolve(`input ${++reads}`);
  try {
    await Deno.writeTextFile(file, "text");
    const texts = await givenTexts({ files: ["-", file, "-", file], command, stdin });
    assert.deepEqual(texts, [
      { name: "standard input", text: "input 1" },
      { name: file, text: "text" },
    ]);
  } finally {
    await Deno.remove(file);
  }
});

Deno.test("givenTexts() names a file that it cannot read", async () => {
  const missing = givenTexts({ files: ["/nonesuch/pools.yaml"], command });
  await assert.rejects(missing, /cannot read \/nonesuch\/pools\.yaml: give a readable file/);
});

Deno.test({
  name: "givenTexts() says how to permit a file",
  permissions: { read: false },
  async fn() {
    const refused = givenTexts({ files: ["a.yaml"], command });
    await assert.rejects(
      refused,
      /deno run --allow-read=a\.yaml main\.ts pools explain -f a\.yaml/,
    );
  },
});
