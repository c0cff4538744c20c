import assert from "assert";
import { confText } from "../../../lib/keepalived/conf_text.ts";

Deno.test("confText() indents blocks by two spaces a level", () => {
  const inner = { head: "inner", body: ["one"] };
  const text = confText(["flag", { head: "outer a", body: [inner, "two"] }]);
  assert.equal(text, "flag\nouter a {\n  inner {\n    one\n  }\n  two\n}\n");
});
