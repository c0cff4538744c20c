import assert from "assert";
import { listImages } from "../../../../lib/cli/commands/list_images.ts";
import { fakeContext } from "../../../fakes/cli.ts";

Deno.test("listImages() writes one reference a line and nothing else", () => {
  const context = fakeContext("list-images");
  assert.equal(listImages(context, ["a:1", "b:2"]), 0);
  assert.equal(context.streams.stdout, "a:1\nb:2\n");
  assert.equal(context.streams.stderr, "");
});
