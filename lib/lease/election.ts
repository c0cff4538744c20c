import { AppError } from "../core/mod.ts";
import { KubeError, type KubeObject, runInformer } from "../kube/mod.ts";
import {
  freeAt,
  leasePath,
  leasesPath,
  newLease,
  readLease,
  releasePatch,
  renewPatch,
  takePatch,
} from "./lease_record.ts";
import { retryJitter } from "./timing.ts";
import type { ElectionOptions, LeaseRecord } from "./types.ts";

/** Longest wait for the last word of a leader that leaves, milliseconds. */
const releaseMs = 3_000;

/**
 * Waits until the Lease is ours, works while it is, and gives it up when the work ends or the
 * signal aborts, so that the next one starts at once. The Lease is watched: a free one is taken
 * without waiting for the next attempt.
 *
 * @throws AppError `conflict` when the Lease was lost: whoever goes on then is a second leader.
 */
export async function leadWhileHeld(
  options: ElectionOptions,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const election = new Election(options);
  const held = await election.acquire();
  if (held === undefined) return;
  await new Leadership(options, held).during(work);
}

/** Our Lease. */
interface Held {
  readonly version: string;
  /** When we began to write it: whoever waits for it may count from then on. */
  readonly since: number;
}

/** A candidate. */
class Election {
  readonly #options: ElectionOptions;
  readonly #path: string;
  #seen: { readonly record: LeaseRecord; readonly at: number } | undefined;
  #wake: () => void = () => {};

  constructor(options: ElectionOptions) {
    this.#options = options;
    this.#path = leasePath(options.settings);
  }

  /** Our Lease; undefined when told to stop before. */
  async acquire(): Promise<Held | undefined> {
    const { signal, failed } = this.#options;
    const stop = new AbortController();
    const watching = this.#watch(AbortSignal.any([signal, stop.signal]));
    try {
      while (!signal.aborted) {
        const held = await this.#attempt().catch((error) => {
          if (!signal.aborted) failed?.(error);
          return undefined;
        });
        if (held !== undefined) return held;
        await this.#pause();
      }
      return undefined;
    } finally {
      stop.abort();
      await watching;
    }
  }

  /** Keeps `#seen` fresh, so that a leader that leaves is followed at once. */
  #watch(signal: AbortSignal): Promise<void> {
    const { client, clock, random, settings, failed } = this.#options;
    return runInformer<KubeObject & { readonly lease: LeaseRecord }>({
      client,
      path: leasesPath(settings),
      fieldSelector: `metadata.name=${settings.name}`,
      decode: (raw) => ({ ...raw as KubeObject, lease: readLease(raw) }),
      handlers: {
        sync: () => {},
        applied: ({ lease }) => this.#observe(lease),
        deleted: () => this.#wake(),
        // attempts go on without the watch
        failed: (error) => failed?.(error),
        unreadable: (error) => failed?.(error),
      },
      ...{ clock, random, signal },
    });
  }

  #observe(record: LeaseRecord): void {
    const { clock, leader } = this.#options;
    const before = this.#seen?.record;
    if (before?.resourceVersion === record.resourceVersion) return;
    this.#seen = { record, at: clock.now() };
    if (record.holder !== before?.holder && record.holder !== "") leader?.(record.holder);
    if (record.holder === "") this.#wake();
  }

  async #attempt(): Promise<Held | undefined> {
    const { client, signal, identity, clock, settings } = this.#options;
    const raw = await client.get(this.#path, { signal }).catch((error) => {
      if (error instanceof KubeError && error.kind === "not-found") return undefined;
      throw error;
    });
    if (raw !== undefined) this.#observe(readLease(raw));
    const seen = this.#seen;
    const now = clock.now();
    // one that somebody deleted is still its holder's until it would have run out
    if (seen !== undefined && freeAt(seen.record, identity, seen.at) > now) return undefined;
    const answer = raw === undefined || seen === undefined
      ? await client.create(leasesPath(settings), newLease(settings, identity, now), { signal })
      : await client.patch(this.#path, takePatch(seen.record, settings, { identity, now }), {
        type: "merge",
        signal,
      });
    const taken = readLease(answer);
    this.#observe(taken);
    // an answer that took so long may be about a Lease that has run out since
    const late = clock.now() - now >= settings.renewDeadlineMs;
    return late ? undefined : { version: taken.resourceVersion, since: now };
  }

  /** Until the watch wakes us, the Lease runs out, or the next attempt is due. */
  async #pause(): Promise<void> {
    const { clock, random, signal, settings, identity } = this.#options;
    const seen = this.#seen;
    if (seen !== undefined && seen.record.holder === "") return await this.#briefly();
    const retry = settings.retryPeriodMs * (1 + random() * retryJitter);
    const left = seen === undefined
      ? retry
      : freeAt(seen.record, identity, seen.at) - clock.now() + 1;
    const woken = new AbortController();
    this.#wake = () => woken.abort();
    const any = AbortSignal.any([signal, woken.signal]);
    await clock.sleep(Math.max(1, Math.min(retry, left)), any).catch(() => {});
    this.#wake = () => {};
  }

  /** Somebody else took the free Lease first, or the server is in trouble: not at once again. */
  #briefly(): Promise<void> {
    const { clock, random, signal } = this.#options;
    return clock.sleep(50 + 200 * random(), signal).catch(() => {});
  }
}

/** A leader. */
class Leadership {
  readonly #options: ElectionOptions;
  readonly #path: string;
  readonly #end = new AbortController();
  #version: string;
  #renewedAt: number;

  constructor(options: ElectionOptions, { version, since }: Held) {
    this.#options = options;
    this.#path = leasePath(options.settings);
    this.#version = version;
    this.#renewedAt = since;
  }

  async during(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const { signal } = this.#options;
    const lost = new AbortController();
    const renewing = this.#renew().then((reason) => {
      if (reason !== undefined) lost.abort(reason);
    });
    try {
      await work(AbortSignal.any([signal, lost.signal]));
    } finally {
      this.#end.abort();
      await renewing;
      if (!lost.signal.aborted) await this.#release();
    }
    if (lost.signal.aborted) throw lost.signal.reason;
  }

  /** Renews until told to end; the reason when the Lease is lost. */
  async #renew(): Promise<AppError | undefined> {
    const { clock, settings } = this.#options;
    const end = this.#end.signal;
    const left = () => this.#renewedAt + settings.renewDeadlineMs - clock.now();
    while (!end.aborted) {
      const pause = Math.max(0, Math.min(settings.retryPeriodMs, left()));
      await clock.sleep(pause, end).catch(() => {});
      if (end.aborted) break;
      if (left() <= 0) return this.#lost("it could not be renewed in time");
      const began = clock.now();
      const result = await this.#once(left());
      if (result instanceof AppError) return result;
      // not when the answer came: the Lease was written before
      if (result) this.#renewedAt = began;
    }
    return undefined;
  }

  /** True when renewed, false when to be tried again, an error when somebody else leads. */
  async #once(limitMs: number): Promise<boolean | AppError> {
    const { client, clock, identity, failed } = this.#options;
    using time = new TimeLimit(clock, limitMs, this.#end.signal);
    const { signal } = time;
    try {
      const body = renewPatch(this.#version, clock.now());
      const answer = await client.patch(this.#path, body, { type: "merge", signal });
      const { holder, resourceVersion } = readLease(answer);
      this.#version = resourceVersion;
      return holder === identity ? true : this.#lost(`${holder} holds it`);
    } catch (error) {
      if (this.#end.signal.aborted) return false;
      failed?.(error);
      if (!(error instanceof KubeError) || signal.aborted) return false;
      if (error.kind === "not-found") return await this.#again(signal);
      return error.kind === "conflict" ? await this.#afterConflict(signal) : false;
    }
  }

  /** Somebody deleted the Lease: those who wait give us the time to make it again. */
  async #again(signal: AbortSignal): Promise<boolean | AppError> {
    const { client, clock, identity, settings, failed } = this.#options;
    try {
      const body = newLease(settings, identity, clock.now());
      this.#version = readLease(await client.create(leasesPath(settings), body, { signal }))
        .resourceVersion;
      return true;
    } catch (error) {
      if (error instanceof KubeError && error.kind === "conflict") {
        return await this.#afterConflict(signal);
      }
      if (!this.#end.signal.aborted) failed?.(error);
      return false;
    }
  }

  /** Somebody wrote the Lease: harmless unless it names another holder. */
  async #afterConflict(signal: AbortSignal): Promise<boolean | AppError> {
    const { client, identity, failed } = this.#options;
    try {
      const { holder, resourceVersion } = readLease(await client.get(this.#path, { signal }));
      if (holder !== identity) return this.#lost(`${holder || "nobody"} holds it`);
      this.#version = resourceVersion;
    } catch (error) {
      if (!this.#end.signal.aborted) failed?.(error);
    }
    return false;
  }

  async #release(): Promise<void> {
    const { client, clock, identity, failed } = this.#options;
    using time = new TimeLimit(clock, releaseMs);
    const { signal } = time;
    const release = (version: string) =>
      client.patch(this.#path, releasePatch(version, clock.now()), { type: "merge", signal });
    try {
      await release(this.#version).catch(async (error) => {
        // the last renewal may have been written though its answer was not waited for
        const now = readLease(await client.get(this.#path, { signal }));
        if (now.holder !== identity) throw error;
        return await release(now.resourceVersion);
      });
    } catch (error) {
      failed?.(error);
    }
  }

  #lost(why: string): AppError {
    const { namespace, name } = this.#options.settings;
    const message = `the Lease ${namespace}/${name} is lost: ${why}; ` +
      `this process ends, start it again (a Deployment does)`;
    return new AppError(message, { kind: "conflict" });
  }
}

/** A signal that aborts after some time on the given clock. */
class TimeLimit implements Disposable {
  readonly #over = new AbortController();
  readonly #late = new AbortController();
  readonly signal: AbortSignal;

  constructor(clock: ElectionOptions["clock"], ms: number, outer?: AbortSignal) {
    this.signal = outer === undefined
      ? this.#late.signal
      : AbortSignal.any([outer, this.#late.signal]);
    const late = new DOMException("the API server did not answer in time", "TimeoutError");
    clock.sleep(ms, this.#over.signal).then(() => this.#late.abort(late)).catch(() => {});
  }

  [Symbol.dispose](): void {
    this.#over.abort();
  }
}
