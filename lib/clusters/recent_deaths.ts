import type { Container, EngineEvent } from "../runtime/types.ts";

/** Milliseconds for which an event is believed more than a listing. */
const BELIEVED_MS = 2_000;

/**
 * Containers whose death was just told.
 *
 * Docker tells a death some 100 ms before its listings know of it (it cleans up in between), so a
 * listing alone would bring a dead node back for a moment.
 */
export class RecentDeaths {
  readonly #until = new Map<string, number>();

  /** Takes note of an event that came at `now`, in milliseconds. */
  note(event: EngineEvent, now: number): void {
    if (event.kind === "resync") this.#until.clear(); // a start may have been missed
    if (event.kind !== "container") return;
    if (event.action === "die") this.#until.set(event.id, now + BELIEVED_MS);
    else this.#until.delete(event.id);
  }

  /** The listing with what just died stopped, and how long to wait when that changed anything. */
  correct(listed: readonly Container[], now: number): CorrectedListing {
    for (const [id, until] of this.#until) {
      if (until <= now) this.#until.delete(id);
    }
    const wrong = listed.filter(({ id, running }) => running && this.#until.has(id));
    if (wrong.length === 0) return { containers: listed };
    const ends = wrong.map(({ id }) => this.#until.get(id) ?? now);
    return {
      containers: listed.map((one) => wrong.includes(one) ? { ...one, running: false } : one),
      againInMs: Math.max(...ends) - now,
    };
  }
}

/** What {@link RecentDeaths.correct} gives. */
export interface CorrectedListing {
  readonly containers: readonly Container[];
  /** The listing contradicted an event: list again after this time. */
  readonly againInMs?: number;
}
