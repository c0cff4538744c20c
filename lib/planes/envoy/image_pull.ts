import type { Logger } from "@logtape/logtape";
import type { Clock } from "../../core/mod.ts";
import type { ContainerWorks } from "../../runtime/types.ts";

/** Milliseconds between two words about a download. */
const WORD_MS = 3_000;

/** What {@link bringImage} needs. */
export interface ImageOptions {
  readonly engine: Pick<ContainerWorks, "hasImage" | "pullImage">;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly log: Logger;
}

/** Downloads the image unless it is there; says how far it is. */
export async function bringImage(
  image: string,
  { engine, clock, signal, log }: ImageOptions,
): Promise<void> {
  if (await engine.hasImage(image)) return;
  log.info("pulling image", { image });
  let next = clock.now() + WORD_MS;
  await engine.pullImage(image, {
    signal,
    progress: ({ doneBytes, totalBytes }) => {
      if (clock.now() < next) return;
      next = clock.now() + WORD_MS;
      log.info("pulling image", { image, doneMb: mb(doneBytes), totalMb: mb(totalBytes) });
    },
  });
  log.info("image pulled", { image });
}

function mb(bytes: number): number {
  return Math.round(bytes / 1_000_000);
}
