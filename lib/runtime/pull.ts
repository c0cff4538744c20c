import type { Readable } from "node:stream";
import { AppError } from "../core/mod.ts";
import type { EngineClient } from "./client.ts";
import { decodePull } from "./decode.ts";
import { LineSplitter } from "./lines.ts";
import type { PullLine } from "./schema.ts";
import type { PullProgress } from "./types.ts";

/** Options of {@link pullImage}. */
export interface PullOptions {
  readonly signal: AbortSignal;
  progress?(progress: PullProgress): void;
}

/**
 * Downloads an image; the engine tells how far it is, line by line.
 *
 * @throws AppError `unavailable` in the registry's words.
 */
export async function pullImage(
  client: EngineClient,
  reference: string,
  { signal, progress }: PullOptions,
): Promise<void> {
  const stream = await client.ask(
    `pull image ${reference}`,
    (docker, abortSignal) =>
      docker.pull(reference, { abortSignal: AbortSignal.any([abortSignal, signal]) }),
  ) as Readable;
  const stop = AbortSignal.any([signal, client.closed]);
  const destroy = () => stream.destroy();
  stop.addEventListener("abort", destroy, { once: true });
  const layers = new Layers();
  try {
    const lines = new LineSplitter();
    for await (const chunk of stream) {
      for (const line of lines.push(chunk)) {
        layers.take(line, reference);
        progress?.(layers.progress());
      }
    }
    for (const line of lines.end()) layers.take(line, reference);
  } finally {
    stop.removeEventListener("abort", destroy);
    stream.destroy();
  }
  stop.throwIfAborted();
}

/** Bytes of each layer, as the engine tells them. */
class Layers {
  readonly #done = new Map<string, { readonly current: number; readonly total: number }>();

  take(text: string, reference: string): void {
    if (text.trim() === "") return;
    const line = decodePull(JSON.parse(text));
    if (line.error !== "") {
      throw new AppError(
        `image ${reference} cannot be pulled: ${line.error}: pull it by hand or name another one`,
        { kind: "unavailable" },
      );
    }
    this.#count(line);
  }

  progress(): PullProgress {
    let doneBytes = 0;
    let totalBytes = 0;
    for (const { current, total } of this.#done.values()) {
      doneBytes += current;
      totalBytes += total;
    }
    return { doneBytes, totalBytes };
  }

  #count({ id, status, progressDetail }: PullLine): void {
    // unpacking counts once more from zero
    if (status === "Downloading" && progressDetail) this.#done.set(id, progressDetail);
    const known = this.#done.get(id);
    if (status === "Download complete" && known) {
      this.#done.set(id, { current: known.total, total: known.total });
    }
  }
}
