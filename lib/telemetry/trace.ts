import {
  type Context,
  context,
  propagation,
  type Span,
  SpanStatusCode,
  trace,
} from "@opentelemetry/api";

/** The parts of a W3C `traceparent` header (Trace Context, level 1, section 3.2). */
export interface TraceParent {
  /** 32 lower-case hex digits, not all zero. */
  readonly traceId: string;
  /** 16 lower-case hex digits, not all zero. */
  readonly spanId: string;
  readonly sampled: boolean;
}

/** Options of {@link withSpan}. */
export interface SpanOptions {
  /** `traceparent` text of the caller, where it is not the active span. */
  readonly parent?: string | undefined;
  readonly attributes?: Readonly<Record<string, string | number | boolean>>;
}

const traceparentForm = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/**
 * Reads a version 00 `traceparent`; undefined when malformed, as the standard asks.
 *
 * @example
 * ```ts
 * import { parseTraceparent } from "./trace.ts";
 * const parsed = parseTraceparent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
 * if (parsed?.sampled !== true) throw new Error("not sampled");
 * ```
 */
export function parseTraceparent(text: string): TraceParent | undefined {
  const [, traceId, spanId, flags] = traceparentForm.exec(text) ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  return { traceId, spanId, sampled: (parseInt(flags, 16) & 1) === 1 };
}

/** The `traceparent` text of these parts. */
export function makeTraceparent(parts: TraceParent): string {
  return `00-${parts.traceId}-${parts.spanId}-${parts.sampled ? "01" : "00"}`;
}

/** `traceparent` of the active span; undefined when tracing is off or no span is active. */
export function activeTraceparent(): string | undefined {
  const carrier: Record<string, string> = {};
  propagation.inject(context.active(), carrier);
  return carrier["traceparent"];
}

/**
 * Runs `work` in a span of berth's tracer, child of `parent` or of the active span. Ends the span
 * when the work settles and records what it threw. Costs next to nothing when tracing is off.
 */
export function withSpan<T>(
  name: string,
  options: SpanOptions,
  work: (span: Span) => Promise<T>,
): Promise<T> {
  const { parent, attributes = {} } = options;
  const tracer = trace.getTracer("berth");
  const around = parent === undefined ? context.active() : remoteContext(parent);
  return tracer.startActiveSpan(name, { attributes }, around, (span) => settle(span, work));
}

function remoteContext(traceparent: string): Context {
  return parseTraceparent(traceparent) === undefined
    ? context.active()
    : propagation.extract(context.active(), { traceparent });
}

async function settle<T>(span: Span, work: (span: Span) => Promise<T>): Promise<T> {
  try {
    return await work(span);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    span.recordException(error instanceof Error ? error : message);
    span.setStatus({ code: SpanStatusCode.ERROR, message });
    throw error;
  } finally {
    span.end();
  }
}
