import { type Clock, hash32 } from "../core/mod.ts";
import type { KubeClient } from "./client.ts";
import type { KubeObject } from "./types.ts";

/** An event about an object (`core/v1` Event). */
export interface EventNote {
  readonly type: "Normal" | "Warning";
  readonly reason: string;
  readonly message: string;
}

/** What an event is about; a Service unless it says otherwise. */
export interface EventSubject extends KubeObject {
  /** `v1` unless given. */
  readonly apiVersion?: string;
  readonly kind?: string;
}

/** Options of {@link EventRecorder}. */
export interface EventRecorderOptions {
  /** Who tells; by the kind of the object when not given. */
  readonly component?: string;
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** An event could not be written; events are never worth a failure. */
  onError(error: unknown): void;
}

/** The same event again within this time only raises its count, milliseconds. */
const sameEventWindow = 600_000;
/** Events about one object: so many at once, then one in `refillMs`, as client-go's spam filter. */
const burst = 25;
const refillMs = 300_000;
const rememberedEvents = 4096;

/** Who tells of objects of a kind; of all others the controller of Gateways does. */
const components: ReadonlyMap<string, string> = new Map([
  ["Service", "service-controller"],
  ["Ingress", "ingress-controller"],
]);

interface Seen {
  readonly path: string;
  readonly at: number;
  count: number;
}

/** Writes Kubernetes Events, one after the other, behind everything else that berth does. */
export class EventRecorder {
  readonly #options: EventRecorderOptions;
  readonly #seen = new Map<string, Seen>();
  readonly #tokens = new Map<string, { left: number; at: number }>();
  #last: Promise<void> = Promise.resolve();

  constructor(options: EventRecorderOptions) {
    this.#options = options;
  }

  /** Queues an event about an object; one that does not say its kind is a Service. */
  record(object: EventSubject, note: EventNote): void {
    const { uid } = object.metadata;
    if (!this.#allowed(uid)) return;
    this.#last = this.#last
      .then(() => this.#write(object, note))
      .catch((error) => {
        if (!this.#options.signal.aborted) this.#options.onError(error);
      });
  }

  /** Resolves when everything queued so far is written or given up. */
  flushed(): Promise<void> {
    return this.#last;
  }

  async #write(service: EventSubject, note: EventNote): Promise<void> {
    const { client, clock, signal, component } = this.#options;
    const id = [service.metadata.uid, note.type, note.reason, note.message].join("\n");
    const now = clock.now();
    const seen = this.#seen.get(id);
    if (seen !== undefined && now - seen.at < sameEventWindow) {
      seen.count++;
      const again = { count: seen.count, lastTimestamp: new Date(now).toISOString() };
      await client.patch(seen.path, again, { type: "merge", signal });
      return;
    }
    const { namespace = "default" } = service.metadata;
    const path = `/api/v1/namespaces/${namespace}/events`;
    const body = eventBody(service, note, { now, component });
    await client.create(path, body, { signal });
    this.#remember(id, { path: `${path}/${body.metadata.name}`, at: now, count: 1 });
  }

  #remember(id: string, seen: Seen): void {
    this.#seen.delete(id);
    this.#seen.set(id, seen);
    const oldest = this.#seen.keys().next();
    if (this.#seen.size > rememberedEvents && !oldest.done) this.#seen.delete(oldest.value);
  }

  #allowed(uid: string): boolean {
    const now = this.#options.clock.now();
    const bucket = this.#tokens.get(uid) ?? { left: burst, at: now };
    const refilled = Math.floor((now - bucket.at) / refillMs);
    const left = Math.min(burst, bucket.left + refilled);
    this.#tokens.delete(uid);
    this.#tokens.set(uid, {
      left: Math.max(0, left - 1),
      at: left === burst ? now : bucket.at + refilled * refillMs,
    });
    const oldest = this.#tokens.keys().next();
    if (this.#tokens.size > rememberedEvents && !oldest.done) this.#tokens.delete(oldest.value);
    return left > 0;
  }
}

function eventBody(
  service: EventSubject,
  note: EventNote,
  { now, ...given }: { readonly now: number; readonly component: string | undefined },
) {
  const { name, namespace = "default", uid, resourceVersion } = service.metadata;
  const { apiVersion = "v1", kind = "Service" } = service;
  const component = given.component ?? components.get(kind) ?? "gateway-controller";
  const at = new Date(now).toISOString();
  const suffix = hash32(`${uid}${note.reason}${note.message}`).toString(16) + now.toString(16);
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: `${name.slice(0, 200)}.${suffix}`, namespace },
    involvedObject: { apiVersion, kind, name, namespace, uid, resourceVersion },
    type: note.type,
    reason: note.reason,
    message: note.message.slice(0, 1024),
    // the name under which the peers' users look for these events
    source: { component },
    reportingComponent: `berth.dev/${component}`,
    firstTimestamp: at,
    lastTimestamp: at,
    count: 1,
  };
}
