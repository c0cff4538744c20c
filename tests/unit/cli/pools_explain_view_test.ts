import assert from "assert";
import { explanationsText } from "../../../lib/cli/pools_explain_view.ts";

Deno.test("explanationsText() is a paragraph for each Service", () => {
  const row = { pool: "cidr-global", ok: true, warnings: [] };
  assert.equal(
    explanationsText([
      { ...row, service: "a/b", addresses: ["10.0.0.1", "fd00::1"], reason: "word ".repeat(20) },
      { ...row, service: "a/c", addresses: [], reason: "none is left" },
    ]),
    `a/b: 10.0.0.1, fd00::1
  word word word word word word word word word word word word word word word
  word word word word word
a/c: no address
  none is left
`,
  );
  assert.match(explanationsText([]), /^no Service/);
});
