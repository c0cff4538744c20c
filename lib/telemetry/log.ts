import {
  configure,
  dispose,
  getJsonLinesFormatter,
  getTextFormatter,
  type LogLevel,
  type LogRecord,
} from "@logtape/logtape";

/** How much is logged and in which form. */
export interface LogSettings {
  /** 0 errors, 1 warnings, 2 changes, 3 and more every step; the scale of klog's `-v`. */
  readonly level: number;
  readonly format: "text" | "json";
  /** Shown with each line of a worker. */
  readonly isolate?: string;
}

/**
 * Sends the log of this isolate to standard error. Called by entry points alone: `main.ts` and
 * the workers' entry; the result ends it.
 */
export async function startLogging(settings: LogSettings): Promise<AsyncDisposable> {
  const encoder = new TextEncoder();
  const format = settings.format === "json" ? getJsonLinesFormatter() : textFormat();
  await configure({
    reset: true,
    sinks: {
      stderr: (record: LogRecord) => {
        Deno.stderr.writeSync(encoder.encode(format(withIsolate(record, settings.isolate))));
      },
    },
    loggers: [
      { category: ["berth"], lowestLevel: lowestLevel(settings.level), sinks: ["stderr"] },
      { category: ["logtape", "meta"], lowestLevel: "warning", sinks: ["stderr"] },
    ],
  });
  return { [Symbol.asyncDispose]: dispose };
}

/** The least severe level that a verbosity shows. */
export function lowestLevel(verbosity: number): LogLevel {
  if (verbosity <= 0) return "error";
  if (verbosity === 1) return "warning";
  return verbosity === 2 ? "info" : "debug";
}

function withIsolate(record: LogRecord, isolate: string | undefined): LogRecord {
  return isolate === undefined
    ? record
    : { ...record, properties: { ...record.properties, isolate } };
}

function textFormat(): (record: LogRecord) => string {
  const head = getTextFormatter({ timestamp: "time", level: "FULL", category: "." });
  return (record) => {
    const fields = Object.entries(record.properties).map(([name, value]) => {
      const text = typeof value === "string" ? value : JSON.stringify(value);
      return ` ${name}=${/[\s"=]/.test(text ?? "") ? JSON.stringify(text) : text}`;
    });
    return head(record).trimEnd() + fields.join("") + "\n";
  };
}
