import assert from "assert";
import { keepalivedRender } from "../../../../lib/cli/commands/keepalived_render.ts";
import { fakeContext } from "../../../fakes/cli.ts";

Deno.test("keepalivedRender() prints the configuration, and beside it what was left out", async () => {
  const context = fakeContext("keepalived render");
  const rendered = { text: "conf\n", problems: ["entry x is bad"] };
  assert.equal(await keepalivedRender(context, { render: () => Promise.resolve(rendered) }), 0);
  assert.equal(context.streams.stdout, "conf\n");
  assert.equal(context.streams.stderr, "warning: entry x is bad\n");
});
