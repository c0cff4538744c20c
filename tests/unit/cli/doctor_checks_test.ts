import assert from "assert";
import {
  check,
  checkEngine,
  checkLoopback,
  checkNetwork,
  skipped,
} from "../../../lib/cli/doctor_checks.ts";
import { healthyDoctorPorts, refusing } from "../../fakes/doctor.ts";

const { signal } = new AbortController();

Deno.test("check() keeps the finding, or the error and what to do", async () => {
  const fine = { run: () => Promise.resolve("found"), remedy: "r" };
  assert.deepEqual(await check("x", fine), { name: "x", verdict: "ok", detail: "found" });
  const bad = { run: refusing("broken"), remedy: "mend it" };
  const failed = { name: "x", verdict: "fail", detail: "broken", remedy: "mend it" };
  assert.deepEqual(await check("x", bad), failed);
  assert.deepEqual(await check("x", { ...bad, verdict: "warn" }), { ...failed, verdict: "warn" });
});

Deno.test("skipped() says why", () => {
  assert.deepEqual(skipped("x", "needs y"), { name: "x", verdict: "skip", detail: "needs y" });
});

const cases = [
  { run: checkEngine, port: "engine", good: /version 28.2 at \/run\/engine.sock/, bad: "fail" },
  { run: checkNetwork, port: "network", good: /kind .* addresses from 172.18.255.0/, bad: "warn" },
  { run: checkLoopback, port: "loopback", good: /can be bound/, bad: "warn" },
] as const;

for (const { run, port, good, bad } of cases) {
  Deno.test(`${run.name}() is ok with a finding, else ${bad} with a remedy`, async () => {
    const fine = await run({ ports: healthyDoctorPorts(), signal });
    assert.equal(fine.verdict, "ok");
    assert.match(fine.detail, good);
    const broken = await run({ ports: healthyDoctorPorts({ [port]: refusing("no way") }), signal });
    assert.equal(broken.verdict, bad);
    assert.equal(broken.detail, "no way");
    assert.ok((broken.remedy ?? "").length > 10);
  });
}

const ranges = [
  { pools: [], text: /with no room for addresses$/ },
  { pools: ["a-b"], text: /addresses from a-b$/ },
  { pools: ["a-b", "c-d", "e-f"], text: /addresses from a-b and 2 more ranges$/ },
];

for (const { pools, text } of ranges) {
  Deno.test(`checkNetwork() with ${pools.length} ranges`, async () => {
    const network = () => Promise.resolve({ name: "kind", subnets: [], pools });
    const { detail } = await checkNetwork({ ports: healthyDoctorPorts({ network }), signal });
    assert.match(detail, text);
  });
}
