import assert from "assert";
import { fitting } from "../../../lib/ingress/size.ts";
import type { IngressRule } from "../../../lib/ingress/types.ts";
import { ingress, to } from "../../fakes/ingress_objects.ts";

function rule(host: string | undefined, path: string): IngressRule {
  const paths = [{ path, pathType: "Prefix", backend: to("web") } as const];
  return host === undefined ? { http: { paths } } : { host, http: { paths } };
}

const hosts = (count: number, name = "h") =>
  Array.from({ length: count }, (_, at) => rule(`${name}${at}.example`, "/"));
const hostless = (count: number) =>
  Array.from({ length: count }, (_, at) => rule(undefined, `/p${at}`));

function sorted(found: ReturnType<typeof fitting>) {
  return {
    fit: found.fitting.map(({ metadata }) => metadata.name),
    told: found.problems.map(({ name, reason }) => `${name} ${reason}`),
  };
}

Deno.test("fitting() lets a thousand hosts be", () => {
  const one = ingress("a", { rules: [...hosts(1_000), ...hostless(10)] });
  assert.deepEqual(sorted(fitting([one])), { fit: ["a"], told: [] });
});

Deno.test("fitting() leaves out the Ingress with which all rules would be too many", () => {
  const found = fitting([
    ingress("old", { rules: hosts(300) }),
    ingress("greedy", { rules: hostless(300) }),
    ingress("young", { rules: hosts(10, "y") }),
  ]);
  assert.deepEqual(sorted(found), { fit: ["old", "young"], told: ["greedy TooManyRules"] });
  assert.match(found.problems[0]?.message ?? "", /^spec\.rules: .*: name fewer/);
});

Deno.test("fitting() counts long paths, names of TLS and every path", () => {
  const long = hosts(40).map(() => rule(undefined, `/${"x".repeat(16_000)}`));
  const host = { host: "a.example" };
  const paths = Array.from({ length: 25_000 }, (_, at) => rule("a.example", `/${at}`).http?.paths)
    .flatMap((each) => each ?? []);
  const names = Array.from({ length: 3_000 }, (_, at) => `t${at}.example`);
  const found = fitting([
    ingress("long", { rules: [...hosts(40), ...long] }),
    ingress("many", { rules: [{ ...host, http: { paths } }] }),
    ingress("tls", { tls: [{ hosts: names, secretName: "one" }] }),
    ingress("open", { tls: [{ hosts: names }] }),
  ]);
  assert.deepEqual(sorted(found).fit, ["open"]);
});
