import { ApiError } from "./api_error.ts";
import { groupVersion } from "./discovery.ts";
import type { Encoder, Presentation } from "./encoder.ts";
import type { Registry } from "./registry.ts";
import type { Change, WatchEvent } from "./types.ts";
import type { WatchOptions } from "./query_options.ts";
import { eventFor, watchScope, watchStart } from "./watch_query.ts";

/** A client this many events behind is cut off, as the real server does. */
const MAX_BACKLOG = 100_000;
const DEFAULT_TIMEOUT_SECONDS = 1_800;

/** What a watch needs from the server. */
export interface WatchHost {
  readonly registry: Registry;
  readonly encoder: Encoder;
  /** Streams that get a bookmark at each tick, and an end when the server stops. */
  readonly streams: Set<WatchStream>;
}

/** What a watch asks for, and how long it may last. */
export interface StreamOptions extends WatchOptions {
  /** Close after so many events (fault injection); Infinity for never. */
  readonly limit: number;
}

/** One watch in flight. */
export class WatchStream {
  readonly body: ReadableStream<Uint8Array>;
  readonly #host: WatchHost;
  readonly #options: WatchOptions;
  readonly #presentation: Presentation;
  readonly #encoder = new TextEncoder();
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  #unsubscribe: () => void = () => {};
  #timer: ReturnType<typeof setTimeout> | undefined;
  #sent = 0;
  readonly #limit: number;

  constructor(host: WatchHost, options: StreamOptions, presentation: Presentation) {
    this.#host = host;
    this.#options = options;
    this.#presentation = presentation;
    this.#limit = options.limit;
    const strategy = new CountQueuingStrategy({ highWaterMark: MAX_BACKLOG });
    this.body = new ReadableStream({
      start: (controller) => this.#start(controller),
      cancel: () => this.#release(),
    }, strategy);
  }

  #start(controller: ReadableStreamDefaultController<Uint8Array>): void {
    this.#controller = controller;
    const { registry } = this.#host;
    const { row } = this.#presentation;
    const { query } = this.#options;
    const collection = registry.collection(row);
    this.#host.streams.add(this);
    const seconds = this.#options.timeoutSeconds || DEFAULT_TIMEOUT_SECONDS;
    this.#timer = setTimeout(() => this.end(), seconds * 1000);
    this.#unsubscribe = collection.hub.subscribe(watchScope(query), (change) => this.#tell(change));
    try {
      const { events, initial } = watchStart(collection, query, registry.store.version);
      for (const event of events) this.#send(event);
      if (initial && query.sendInitialEvents) {
        this.bookmark({ "k8s.io/initial-events-end": "true" });
      }
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.fail(error);
    }
  }

  #tell(change: Change): void {
    const event = eventFor(this.#options.query, change);
    if (event) this.#send(event);
  }

  #send({ type, object }: WatchEvent): void {
    if (this.#sent >= this.#limit) return this.end();
    const text = this.#host.encoder.present(object, this.#presentation, this.#sent > 0);
    this.#sent += 1;
    this.#write(`{"type":"${type}","object":${text}}\n`);
    if (this.#sent >= this.#limit) this.end();
  }

  #write(line: string): void {
    const controller = this.#controller;
    if (!controller) return;
    controller.enqueue(this.#encoder.encode(line));
    if ((controller.desiredSize ?? 0) <= 0) this.end();
  }

  /** Tells the client how far it is, when it asked for that. */
  bookmark(annotations?: Readonly<Record<string, string>>): void {
    if (!this.#options.bookmarks) return;
    const { row } = this.#presentation;
    const resourceVersion = String(this.#host.registry.store.version);
    const metadata = {
      resourceVersion,
      creationTimestamp: null,
      ...(annotations && { annotations }),
    };
    const object = { kind: row.kind, apiVersion: groupVersion(row), metadata };
    this.#write(`${JSON.stringify({ type: "BOOKMARK", object })}\n`);
  }

  /** Reports an error in the stream and ends it. */
  fail(error: ApiError): void {
    this.#write(`${JSON.stringify({ type: "ERROR", object: error.status() })}\n`);
    this.end();
  }

  /** Ends the stream as the server's timeout does. */
  end(): void {
    const controller = this.#controller;
    this.#release();
    controller?.close();
  }

  #release(): void {
    this.#controller = undefined;
    clearTimeout(this.#timer);
    this.#unsubscribe();
    this.#host.streams.delete(this);
  }
}
