import assert from "assert";
import {
  duplicate,
  forbiddenField,
  invalidValue,
  notSupported,
  required,
} from "../../../lib/embedded/causes.ts";

Deno.test("causes are worded as the API words them", () => {
  const shown = [
    required("a"),
    required("a", "because"),
    invalidValue("a", "x", "must be y"),
    invalidValue("a", 5, "must be 6"),
    invalidValue("a", ["x"], "may not"),
    forbiddenField("a", "not here"),
    notSupported("a", "x", ["y", "z"]),
    duplicate("a", { port: 80 }),
  ].map(({ reason, message }) => `${reason} ${message}`);
  assert.deepEqual(shown, [
    "FieldValueRequired Required value",
    "FieldValueRequired Required value: because",
    'FieldValueInvalid Invalid value: "x": must be y',
    "FieldValueInvalid Invalid value: 5: must be 6",
    'FieldValueInvalid Invalid value: ["x"]: may not',
    "FieldValueForbidden Forbidden: not here",
    'FieldValueNotSupported Unsupported value: "x": supported values: "y", "z"',
    'FieldValueDuplicate Duplicate value: {"port":80}',
  ]);
});
