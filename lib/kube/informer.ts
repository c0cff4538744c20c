import { type Clock, errorText } from "../core/mod.ts";
import type { KubeClient, WatchEvent } from "./client.ts";
import { KubeError } from "./kube_error.ts";
import type { KubeObject } from "./types.ts";

/** What an informer tells; `sync` comes first, and again after each gap. */
export interface InformerHandlers<T extends KubeObject> {
  /** All objects there are now. */
  sync(objects: readonly T[]): void;
  applied(object: T): void;
  deleted(object: T): void;
  /** The server is out of reach or refuses; told once for each change of the text. */
  failed(error: unknown): void;
  /** Objects that cannot be read are left out, the rest goes on. */
  unreadable(error: unknown): void;
}

/** Options of {@link runInformer}. */
export interface InformerOptions<T extends KubeObject> {
  readonly client: KubeClient;
  /** `/api/v1/services` and the like. */
  readonly path: string;
  readonly labelSelector?: string;
  /** Throws for what is not such an object. */
  decode(raw: unknown): T;
  readonly handlers: InformerHandlers<T>;
  readonly clock: Clock;
  /** 0..1, spreads retries. */
  random(): number;
  readonly signal: AbortSignal;
}

/** Back-off between failed attempts, milliseconds. */
const firstDelay = 200;
const longestDelay = 15_000;

/**
 * Lists, then watches and resumes where it stopped; lists again after `410 Gone`. Resolves when the
 * signal aborts. See "Efficient detection of changes" in the Kubernetes API concepts.
 */
export async function runInformer<T extends KubeObject>(
  options: InformerOptions<T>,
): Promise<void> {
  const { signal, clock, handlers, random } = options;
  let failures = 0;
  let version: string | undefined;
  while (!signal.aborted) {
    try {
      version ??= await listAll(options);
      failures = 0;
      version = await watchFrom(options, version);
    } catch (error) {
      if (signal.aborted) return;
      if (isGone(error)) {
        version = undefined;
        continue;
      }
      if (!isQuietEnd(error)) handlers.failed(error);
      const asked = error instanceof KubeError ? error.retryAfterMs : 0;
      const delay = Math.min(firstDelay * 2 ** Math.min(failures++, 10), longestDelay);
      await clock.sleep(Math.max(asked, delay * (0.5 + random() / 2)), signal).catch(() => {});
    }
  }
}

async function listAll<T extends KubeObject>(options: InformerOptions<T>): Promise<string> {
  const { client, path, labelSelector, signal, handlers } = options;
  const selector = labelSelector === undefined ? {} : { labelSelector };
  const listing = await client.list(path, { signal, ...selector });
  handlers.sync(listing.items.flatMap((raw) => readable(options, raw)));
  return listing.resourceVersion;
}

/** Follows one watch to its end; returns the version to go on from. */
async function watchFrom<T extends KubeObject>(
  options: InformerOptions<T>,
  from: string,
): Promise<string> {
  const { client, path, labelSelector, signal, random } = options;
  const selector = labelSelector === undefined ? {} : { labelSelector };
  const timeoutSeconds = 240 + Math.floor(random() * 120);
  const watch = client.watch(path, { signal, resourceVersion: from, timeoutSeconds, ...selector });
  let version = from;
  for await (const event of watch) version = handle(options, event) ?? version;
  return version;
}

/** Passes one event on; returns the version it carries. */
function handle<T extends KubeObject>(
  options: InformerOptions<T>,
  event: WatchEvent,
): string | undefined {
  if (event.type === "ERROR") throw watchError(options.path, event.object);
  const version = versionOf(event.object);
  if (event.type === "BOOKMARK") return version;
  const { handlers } = options;
  const tell = event.type === "DELETED" ? handlers.deleted : handlers.applied;
  for (const object of readable(options, event.object)) tell.call(handlers, object);
  return version;
}

function readable<T extends KubeObject>(options: InformerOptions<T>, raw: unknown): readonly T[] {
  try {
    return [options.decode(raw)];
  } catch (error) {
    options.handlers.unreadable(error);
    return [];
  }
}

function versionOf(raw: unknown): string | undefined {
  return (raw as { metadata?: { resourceVersion?: string } } | null)?.metadata?.resourceVersion;
}

function watchError(path: string, raw: unknown): KubeError {
  const { code = 500, message = "no reason given" } = raw as { code?: number; message?: string };
  return new KubeError(`watch of ${path} ended: ${message}`, { status: code });
}

function isGone(error: unknown): boolean {
  return error instanceof KubeError && error.status === 410;
}

/** A server that restarts cuts its streams: the next attempt tells whether that is news. */
function isQuietEnd(error: unknown): boolean {
  return /terminated|aborted|timeout/i.test(errorText(error)) && !(error instanceof KubeError);
}
