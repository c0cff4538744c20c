import type { Readable } from "node:stream";
import { getLogger } from "@logtape/logtape";
import { AppError, errorText } from "../core/mod.ts";
import type { EngineClient } from "./client.ts";
import { decodeEvent, FOLLOWED_ACTIONS } from "./decode.ts";
import { LineSplitter } from "./lines.ts";
import type { EngineEvent } from "./types.ts";

const logger = getLogger(["berth", "runtime"]);

/** Milliseconds before the first and the slowest re-open. */
const BACK_OFF_MS = { first: 100, most: 5_000 };

/**
 * Engine events until the signal aborts or the client closes.
 *
 * Re-opens with back-off when the stream ends or fails, and tells `resync` once it is open, so a
 * listing made at `resync` misses nothing.
 */
export async function* followEvents(
  client: EngineClient,
  signal: AbortSignal,
): AsyncGenerator<EngineEvent> {
  const stop = AbortSignal.any([signal, client.closed]);
  let delay = BACK_OFF_MS.first;
  while (!stop.aborted) {
    try {
      for await (const event of openStream(client, stop)) {
        if (event.kind === "resync") delay = BACK_OFF_MS.first;
        yield event;
      }
    } catch (error) {
      if (stop.aborted) return;
      logger.warn("engine event stream failed", { error: errorText(error), retryMs: delay });
    }
    await client.clock.sleep(delay, stop).catch(() => {});
    delay = Math.min(delay * 2, BACK_OFF_MS.most);
  }
}

async function* openStream(
  client: EngineClient,
  signal: AbortSignal,
): AsyncGenerator<EngineEvent> {
  if (signal.aborted) return;
  const stream = await openEvents(client, signal);
  const destroy = () => stream.destroy();
  signal.addEventListener("abort", destroy, { once: true });
  try {
    yield { kind: "resync" };
    const lines = new LineSplitter();
    for await (const chunk of stream) {
      yield* decodeLines(lines.push(chunk));
    }
  } finally {
    signal.removeEventListener("abort", destroy);
    stream.destroy();
  }
}

async function openEvents(client: EngineClient, stop: AbortSignal): Promise<Readable> {
  const filters = { type: ["container", "network"], event: [...FOLLOWED_ACTIONS] };
  const stream = await client.ask(
    "follow engine events",
    (docker, signal) => {
      const abortSignal = AbortSignal.any([signal, stop]);
      return docker.getEvents({ filters: JSON.stringify(filters), abortSignal });
    },
  );
  return stream as Readable;
}

function* decodeLines(lines: readonly string[]): Generator<EngineEvent> {
  for (const line of lines) {
    if (line === "") continue;
    const event = decodeEvent(parseJson(line));
    if (event) yield event;
  }
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new AppError("the engine's event is not JSON", { kind: "unavailable", cause });
  }
}
