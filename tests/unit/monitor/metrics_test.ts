import assert from "assert";
import { Metrics } from "../../../lib/monitor/mod.ts";

Deno.test("Metrics tells counters, gauges as they are now, and durations", async () => {
  const metrics = new Metrics();
  const written = metrics.counter({ name: "berth_writes_total", help: "w", labels: ["result"] });
  let used = [[{ pool: "a" }, 1], [{ pool: "b" }, 2]] as readonly (readonly [
    Record<string, string>,
    number,
  ])[];
  metrics.gauge({ name: "berth_used", help: "u", labels: ["pool"] }, () => used);
  const took = metrics.durations({ name: "berth_seconds", help: "s" });
  written.add({ result: "ok" });
  written.add({ result: "ok" }, 2);
  took.observe(0.02);
  const first = await metrics.text();
  assert.match(first, /^berth_writes_total\{result="ok"\} 3$/m);
  assert.match(first, /^berth_used\{pool="b"\} 2$/m);
  assert.match(first, /^berth_seconds_bucket\{le="0.025"\} 1$/m);
  used = [[{ pool: "a" }, 5]];
  const second = await metrics.text();
  assert.match(second, /^berth_used\{pool="a"\} 5$/m);
  assert.doesNotMatch(second, /pool="b"/);
});

Deno.test("Metrics of two processes' parts do not meet", async () => {
  const [one, two] = [new Metrics(), new Metrics()];
  one.counter({ name: "berth_same_total", help: "s" }).add();
  two.counter({ name: "berth_same_total", help: "s" });
  assert.match(await one.text(), /berth_same_total 1/);
  assert.match(await two.text(), /berth_same_total 0/);
});
