import assert from "assert";
import { fileURLToPath } from "node:url";

interface Span {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
}

interface Export {
  readonly resourceSpans: readonly {
    readonly scopeSpans: readonly { readonly spans: readonly Span[] }[];
  }[];
}

/** An OTLP collector (HTTP, JSON) that keeps every span. */
function collector() {
  const spans: Span[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (r) => {
    if (!new URL(r.url).pathname.endsWith("/v1/traces")) {
      await r.body?.cancel();
      return Response.json({});
    }
    const { resourceSpans } = await r.json() as Export;
    spans.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((s) => s.spans)));
    return Response.json({});
  });
  return { spans, url: `http://127.0.0.1:${server.addr.port}`, close: () => server.shutdown() };
}

Deno.test("a Service served is one trace over main isolate and worker", async () => {
  const { spans, url, close } = collector();
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", fileURLToPath(import.meta.resolve("../fakes/traced_run.ts"))],
    env: {
      OTEL_DENO: "true",
      OTEL_DENO_CONSOLE: "ignore",
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_EXPORTER_OTLP_ENDPOINT: url,
    },
  }).output();
  await close();
  assert.ok(success, new TextDecoder().decode(stderr));
  const job = spans.find(({ name }) => name === "berth.job");
  assert.ok(job, `no berth.job among ${spans.map(({ name }) => name)}`);
  const own = spans.filter(({ name, traceId }) =>
    name.startsWith("berth.") && traceId === job.traceId
  );
  const nameOf = new Map(own.map(({ name, spanId }) => [spanId, name]));
  const tree = own.map(({ name, parentSpanId = "" }) => `${nameOf.get(parentSpanId)} > ${name}`);
  assert.deepEqual(tree.toSorted(), [
    "berth.job > berth.apply",
    "berth.job > berth.plan",
    "berth.serve > berth.job",
    "berth.serve > berth.status",
    "undefined > berth.serve",
  ]);
});
