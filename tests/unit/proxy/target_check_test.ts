import assert from "assert";
import {
  domainProblem,
  hostProblem,
  matchedPathProblem,
  writtenPathProblem,
} from "../../../lib/proxy/target_check.ts";

Deno.test.each([
  { host: "a.example.com", fine: true },
  { host: "10.0.0.1:8080", fine: true },
  { host: "[fc00::1]:80", fine: true },
  { host: "", fine: false },
  { host: "a b", fine: false },
  { host: "a/b", fine: false },
  { host: "x".repeat(254), fine: false },
])("hostProblem() of $host", ({ host, fine }) => {
  assert.equal(hostProblem(host) === undefined, fine);
});

Deno.test.each([
  { name: "a.example.com", fine: true },
  { name: "*.example.com", fine: true },
  { name: "_sip.a-b.example", fine: true },
  { name: "x".repeat(63), fine: true },
  { name: "x".repeat(64), fine: false },
  { name: Array(127).fill("ab").join("."), fine: false },
  { name: "*", fine: false },
  { name: "a.*.example", fine: false },
  { name: "A.example", fine: false },
  { name: "a..example", fine: false },
  { name: "", fine: false },
])("domainProblem() of $name", ({ name, fine }) => {
  assert.equal(domainProblem(name) === undefined, fine);
});

Deno.test.each([
  { path: "/", matched: true, written: true },
  { path: "/a%20b", matched: true, written: true },
  { path: "/a?b", matched: false, written: true },
  { path: "/a#b", matched: false, written: true },
  { path: "a", matched: false, written: false },
  { path: "", matched: false, written: false },
  { path: "/a\nb", matched: false, written: false },
])("matchedPathProblem() and writtenPathProblem() of $path", ({ path, matched, written }) => {
  assert.equal(matchedPathProblem(path) === undefined, matched);
  assert.equal(writtenPathProblem(path) === undefined, written);
});
