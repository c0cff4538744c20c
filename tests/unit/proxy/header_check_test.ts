import assert from "assert";
import {
  headerNameProblem,
  headerValueProblem,
  methodProblem,
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

Deno.test.each([
  { value: "a, b\tc", fine: true },
  { value: "", fine: true },
  { value: "50%", fine: true },
  { value: "a\r\nb: c", fine: false },
  { value: "a\u0000", fine: false },
  { value: "\ud800", fine: false },
  { value: "x".repeat(16_385), fine: false },
])("headerValueProblem() of $value", ({ value, fine }) => {
  assert.equal(headerValueProblem(value) === undefined, fine);
});

Deno.test("methodProblem() takes tokens", () => {
  assert.deepEqual([methodProblem("GET"), methodProblem("M-SEARCH")], [undefined, undefined]);
  assert.match(methodProblem("G T") ?? "", /is not a method/);
});
