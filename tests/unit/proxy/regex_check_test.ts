import assert from "assert";
import fc from "fast-check";
import { regexProblem, regexSize } from "../../../lib/proxy/regex_check.ts";

const fine = [
  "",
  "abc",
  "/v[12](/.*)?",
  "^a|b$",
  "(?i)abc",
  "(?i:abc)d",
  "(?P<name>a)(?<other>b)",
  "a*?b+?c??",
  "a{2}b{2,}c{2,3}",
  "a{,3}", // RE2 takes these braces as they are
  "[^]a]",
  "[a-z0-9_-]",
  "[[:alpha:]\\d]",
  "\\d\\pL\\p{Greek}\\x41\\x{FF}\\.",
  "\\Qa**b\\E+",
  "(a{10}){100}",
  "()",
  "^*",
];

const refused = [
  "(",
  ")",
  "(a",
  "[a",
  "[z-a]",
  "[[:nonsense:]]",
  "*a",
  "a**",
  "a|*",
  "a\\",
  "(a)\\1",
  "(?=a)",
  "(?!a)",
  "(?<=a)",
  "(?>a)",
  "\\y",
  "\\p{Nonsense}",
  "a{3,2}",
  "a{1001}",
  "(a{100}){11}",
];

Deno.test.each(fine.map((pattern) => ({ pattern })))(
  "regexProblem() lets $pattern pass",
  ({ pattern }) => assert.equal(regexProblem(pattern), undefined),
);

Deno.test.each(refused.map((pattern) => ({ pattern })))(
  "regexProblem() refuses $pattern",
  ({ pattern }) => assert.match(regexProblem(pattern) ?? "", /is not a regular expression/),
);

Deno.test("regexProblem() comes to an end for any text", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => {
    const problem = regexProblem(text);
    return problem === undefined || problem.includes("RE2");
  }));
});

Deno.test("regexProblem() comes to an end for texts of operators", () => {
  const operators = fc.string({ unit: fc.constantFrom(..."()[]{}?*+|\\^-:,09aQEpdx") });
  fc.assert(fc.property(operators, (text) => {
    const problem = regexProblem(text);
    return problem === undefined || problem.includes("RE2");
  }));
});

Deno.test("regexSize() grows with what is repeated, and is 0 for what is refused", () => {
  const [one, many] = ["[a-z]", "[a-z]{500}"].map(regexSize);
  assert.ok(one !== undefined && many !== undefined && one > 0 && many > one * 400);
  assert.equal(regexSize("(?=x)"), 0);
});
