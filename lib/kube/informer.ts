import type { Clock } from "../core/mod.ts";
import { type KubeClient, type Selectors, selectorsOf, type WatchEvent } from "./client.ts";
import { KubeError } from "./kube_error.ts";
import type { KubeObject } from "./types.ts";

/** What an informer tells; `sync` comes first, and again after each gap. */
export interface InformerHandlers<T extends KubeObject> {
  /** All objects there are now. */
  sync(objects: readonly T[]): void;
  applied(object: T): void;
  deleted(object: T): void;
  /** The server is out of reach or refuses; told after each attempt that failed. */
  failed(error: unknown): void;
  /** Objects that cannot be read are left out, the rest goes on. */
  unreadable(error: unknown): void;
}

/** Options of {@link runInformer}. */
export interface InformerOptions<T extends KubeObject> extends Selectors {
  readonly client: Pick<KubeClient, "list" | "watch">;
  /** `/api/v1/services` and the like. */
  readonly path: string;
  /** Objects come without spec and status. */
  readonly metadataOnly?: boolean;
  /** Throws for what is not such an object. */
  decode(raw: unknown): T;
  readonly handlers: InformerHandlers<T>;
  readonly clock: Clock;
  /** 0..1, spreads retries. */
  random(): number;
  readonly signal: AbortSignal;
}

/** Back-off between attempts that bring nothing, milliseconds. */
const firstDelay = 200;
const longestDelay = 15_000;
/** A watch that ends sooner without a single event is as good as a failure, milliseconds. */
const shortestWatch = 1_000;

/** Where an informer stands; outlives the attempts. */
interface Position {
  /** The version to go on from; undefined: list. */
  version: string | undefined;
  /** Attempts in a row that brought no event. */
  fruitless: number;
}

/**
 * Lists, then watches and resumes where it stopped; lists again after `410 Gone`. Resolves when the
 * signal aborts. See "Efficient detection of changes" in the Kubernetes API concepts.
 */
export async function runInformer<T extends KubeObject>(
  options: InformerOptions<T>,
): Promise<void> {
  const { signal, clock } = options;
  const at: Position = { version: undefined, fruitless: 0 };
  while (!signal.aborted) {
    const wait = await attempt(options, at);
    if (wait > 0) await clock.sleep(wait, signal).catch(() => {});
  }
}

/** Lists if need be and watches once; returns how long to wait before the next attempt. */
async function attempt<T extends KubeObject>(
  options: InformerOptions<T>,
  at: Position,
): Promise<number> {
  const { signal, clock, handlers, random } = options;
  const started = clock.now();
  at.fruitless++;
  try {
    await follow(options, at);
    if (clock.now() - started >= shortestWatch) at.fruitless = 0;
    return backoff(at.fruitless, random);
  } catch (error) {
    if (signal.aborted) return 0;
    if (isGone(error)) {
      at.version = undefined;
      // once at once, but a server that says so each time must not be run over
      return backoff(at.fruitless - 1, random);
    }
    handlers.failed(error);
    const asked = error instanceof KubeError ? error.retryAfterMs : 0;
    return Math.max(asked, backoff(Math.max(at.fruitless, 1), random));
  }
}

function backoff(fruitless: number, random: () => number): number {
  if (fruitless <= 0) return 0;
  const delay = Math.min(firstDelay * 2 ** Math.min(fruitless - 1, 10), longestDelay);
  return delay * (0.5 + random() / 2);
}

async function listAll<T extends KubeObject>(options: InformerOptions<T>): Promise<string> {
  const { client, path, signal, handlers } = options;
  const listing = await client.list(path, { signal, ...whatOf(options) });
  handlers.sync(listing.items.flatMap((raw) => readable(options, raw)));
  return listing.resourceVersion;
}

/** Follows one watch to its end; the position moves with each event, so that none comes twice. */
async function follow<T extends KubeObject>(
  options: InformerOptions<T>,
  at: Position,
): Promise<void> {
  const { client, path, signal, random } = options;
  const resourceVersion = at.version ??= await listAll(options);
  const timeoutSeconds = 240 + Math.floor(random() * 120);
  const what = whatOf(options);
  const watch = client.watch(path, { signal, resourceVersion, timeoutSeconds, ...what });
  for await (const event of watch) {
    at.version = handle(options, event) ?? at.version;
    at.fruitless = 0;
  }
}

function whatOf({ metadataOnly = false, ...options }: Selectors & { metadataOnly?: boolean }) {
  return { metadataOnly, ...selectorsOf(options) };
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
  const status = (raw ?? {}) as { code?: number; message?: string };
  const { code = 500, message = "no reason given" } = status;
  return new KubeError(`watch of ${path} ended: ${message}`, { status: code });
}

function isGone(error: unknown): boolean {
  return error instanceof KubeError && error.status === 410;
}
