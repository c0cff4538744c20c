import assert from "assert";
import {
  editedHeaderProblem,
  headerNameProblem,
  headerValueProblem,
} from "../../../lib/proxy/header_check.ts";

Deno.test.each([
  { name: "x-a", fine: true },
  { name: "X_a.1~", fine: true },
  { name: "Host", fine: true },
  { name: "", fine: false },
  { name: ":path", fine: false },
  { name: "a b", fine: false },
  { name: "a\n", fine: false },
])("headerNameProblem() of $name", ({ name, fine }) => {
  assert.equal(headerNameProblem(name) === undefined, fine);
});

Deno.test("editedHeaderProblem() refuses the host, whatever its case", () => {
  assert.match(editedHeaderProblem("hOst") ?? "", /rewrite the host name/);
  assert.equal(editedHeaderProblem("x-host"), undefined);
});

Deno.test.each([
  { value: "a, b\tc", fine: true },
  { value: "", fine: true },
  { value: "50%", fine: true },
  { value: "a\r\nb: c", fine: false },
  { value: "a\u0000", fine: false },
])("headerValueProblem() of $value", ({ value, fine }) => {
  assert.equal(headerValueProblem(value) === undefined, fine);
});
