import { configure, type LogLevel, type LogRecord, reset } from "@logtape/logtape";

/** What berth logs while this is in use. */
export class KeptLog implements AsyncDisposable {
  readonly records: LogRecord[] = [];

  /** Keeps records of a level and of those above it. */
  static async open(lowestLevel: LogLevel = "warning"): Promise<KeptLog> {
    const log = new KeptLog();
    await configure({
      sinks: { memory: (record) => log.records.push(record) },
      loggers: [
        { category: ["berth"], sinks: ["memory"], lowestLevel },
        { category: ["logtape", "meta"], lowestLevel: "fatal" },
      ],
    });
    return log;
  }

  /** The fields of each record with a message of these words. */
  fieldsOf(words: RegExp): readonly Readonly<Record<string, unknown>>[] {
    return this.records.filter(({ rawMessage }) => words.test(`${rawMessage}`))
      .map(({ properties }) => properties);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return reset();
  }
}
