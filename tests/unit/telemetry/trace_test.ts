import assert from "assert";
import fc from "fast-check";
import {
  activeTraceparent,
  makeTraceparent,
  parseTraceparent,
  withSpan,
} from "../../../lib/telemetry/trace.ts";

const traceId = "0af7651916cd43dd8448eb211c80319c";
const spanId = "b7ad6b7169203331";

for (
  const [text, expected] of [
    [`00-${traceId}-${spanId}-01`, { traceId, spanId, sampled: true }],
    [`00-${traceId}-${spanId}-00`, { traceId, spanId, sampled: false }],
    [`00-${traceId}-${spanId}-03`, { traceId, spanId, sampled: true }],
    [`00-${"0".repeat(32)}-${spanId}-01`, undefined],
    [`00-${traceId}-${"0".repeat(16)}-01`, undefined],
    [`ff-${traceId}-${spanId}-01`, undefined],
    [`00-${traceId.toUpperCase()}-${spanId}-01`, undefined],
    [`00-${traceId}-${spanId}-01-x`, undefined],
    [`00-${traceId}-${spanId}`, undefined],
    ["", undefined],
  ] as const
) {
  Deno.test(`parseTraceparent() of "${text}"`, () => {
    assert.deepEqual(parseTraceparent(text), expected);
  });
}

Deno.test("makeTraceparent() writes what parseTraceparent() reads", () => {
  const hex = (length: number) =>
    fc.string({
      unit: fc.constantFrom(..."123456789abcdef"),
      minLength: length,
      maxLength: length,
    });
  const fields = { traceId: hex(32), spanId: hex(16), sampled: fc.boolean() };
  const parts = fc.record(fields, { noNullPrototype: true });
  fc.assert(fc.property(parts, (each) => {
    assert.deepEqual(parseTraceparent(makeTraceparent(each)), each);
  }));
});

Deno.test("withSpan() returns and throws what the work does, tracing or not", async () => {
  assert.equal(await withSpan("a", {}, () => Promise.resolve(5)), 5);
  const work = () => Promise.reject(new Error("no"));
  await assert.rejects(
    withSpan("a", { parent: "garbage", attributes: { n: 1 } }, work),
    /^Error: no/,
  );
});

Deno.test("withSpan() continues the parent's trace where tracing is on", async () => {
  const script = `
    import { activeTraceparent, withSpan } from "${new URL(
    "../../../lib/telemetry/trace.ts",
    import.meta.url,
  )}";
    const parent = "00-${traceId}-${spanId}-01";
    const seen = await withSpan("outer", { parent }, async () => [
      activeTraceparent(),
      await withSpan("inner", {}, () => Promise.resolve(activeTraceparent())),
    ]);
    const fresh = await withSpan("fresh", {}, () => Promise.resolve(activeTraceparent()));
    console.log(JSON.stringify([...seen, fresh]));`;
  const lines = await runTraced(script);
  const parsed = lines.map((line) => parseTraceparent(String(line)));
  assert.deepEqual(parsed.map((each) => each?.traceId === traceId), [true, true, false]);
  assert.equal(new Set(parsed.map((each) => each?.spanId)).add(spanId).size, 4);
});

Deno.test("activeTraceparent() is undefined outside of spans", () => {
  assert.equal(activeTraceparent(), undefined);
});

/** Runs a module with Deno's OpenTelemetry on; the exporter goes nowhere. */
async function runTraced(script: string): Promise<unknown[]> {
  const { stdout, stderr, success } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--ext=ts", script],
    cwd: new URL("../../..", import.meta.url),
    env: {
      OTEL_DENO: "true",
      OTEL_DENO_CONSOLE: "ignore",
      OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:9",
    },
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}
