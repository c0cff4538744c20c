import type { Clock } from "../../core/mod.ts";

/** So many repairs of one place within the window are done at once, … */
const BURST = 8;
const WINDOW_MS = 30_000;
/** … later ones wait, each twice as long as the one before. */
const FIRST_DELAY_MS = 250;

/** What {@link Repairs} needs. */
export interface RepairsOptions<Place> {
  readonly clock: Clock;
  /** Replaces everything of ours at a place. */
  readonly mend: (place: Place) => Promise<void>;
}

interface Pace {
  /** Times of the repairs within the window. */
  recent: readonly number[];
  isPending: boolean;
}

/** Repairs at once at first, then ever more slowly, so that two owners never fight at full speed. */
export class Repairs<Place> implements Disposable {
  readonly #options: RepairsOptions<Place>;
  readonly #paces = new Map<Place, Pace>();
  readonly #stop = new AbortController();

  constructor(options: RepairsOptions<Place>) {
    this.#options = options;
  }

  /** Something at the place is damaged; damage before its repair starts is mended by it too. */
  async damaged(place: Place): Promise<void> {
    const pace = this.#paces.get(place) ?? { recent: [], isPending: false };
    this.#paces.set(place, pace);
    if (pace.isPending) return;
    pace.isPending = true;
    const { clock, mend } = this.#options;
    pace.recent = pace.recent.filter((time) => clock.now() - time < WINDOW_MS);
    const delay = delayAfter(pace.recent.length);
    if (delay > 0) await clock.sleep(delay, this.#stop.signal).catch(() => {});
    pace.isPending = false;
    if (this.#stop.signal.aborted) return;
    pace.recent = [...pace.recent, clock.now()];
    await mend(place);
  }

  [Symbol.dispose](): void {
    this.#stop.abort();
  }
}

function delayAfter(repairs: number): number {
  return repairs < BURST ? 0 : FIRST_DELAY_MS * 2 ** (repairs - BURST);
}
