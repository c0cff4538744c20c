import { KubeConfig } from "@kubernetes/client-node";
import { AppError, errorText, isDenied } from "../core/mod.ts";
import { type Credentials, credentialsOf, httpClientOf } from "./credentials.ts";
import { kubeError } from "./kube_error.ts";
import { readLines } from "./lines.ts";

/** How a patch body is to be read (Kubernetes API concepts, "patch types"). */
export type PatchType = "merge" | "strategic-merge";

/** A page-by-page listing, whole. Items are raw JSON. */
export interface Listing {
  readonly items: readonly unknown[];
  readonly resourceVersion: string;
}

/** One line of a watch; `object` is raw JSON. */
export interface WatchEvent {
  readonly type: string;
  readonly object: unknown;
}

/** Options of every request. */
export interface RequestOptions {
  readonly signal: AbortSignal;
}

/** Which objects of a collection are meant. */
export interface Selectors {
  readonly labelSelector?: string;
  /** `metadata.name=web`: with it, a right on one named object is enough to list and watch it. */
  readonly fieldSelector?: string;
}

/** Options of a listing. */
export interface ListOptions extends RequestOptions, Selectors {
  /** Objects come without spec and status (`meta/v1` PartialObjectMetadata). */
  readonly metadataOnly?: boolean;
}

/** Options of a watch. */
export interface WatchOptions extends ListOptions {
  readonly resourceVersion: string;
  /** Seconds after which the server ends the stream. */
  readonly timeoutSeconds: number;
}

/** The Kubernetes API as berth uses it. Rejects with KubeError, or AppError when not reachable. */
export interface KubeClient {
  get(path: string, options: RequestOptions): Promise<unknown>;
  list(path: string, options: ListOptions): Promise<Listing>;
  /** Ends when the server ends it or the connection breaks: resume from the last version. */
  watch(path: string, options: WatchOptions): AsyncIterable<WatchEvent>;
  create(path: string, body: unknown, options: RequestOptions): Promise<unknown>;
  patch(path: string, body: unknown, options: PatchOptions): Promise<unknown>;
  /** Calls after it reject with `canceled`. */
  close(): void;
}

/** Options of a patch. */
export interface PatchOptions extends RequestOptions {
  readonly type: PatchType;
}

const pageSize = 500;

/** Options of {@link createKubeClient}. */
export interface KubeClientOptions {
  /** Longest wait for an answer that is no watch, milliseconds; default 30 s. */
  readonly timeoutMs?: number;
}

/** A client for the current context of a kubeconfig text. */
export function createKubeClient(kubeconfig: string, options: KubeClientOptions = {}): KubeClient {
  const config = new KubeConfig();
  config.loadFromString(kubeconfig);
  // client-node wants this said for plain HTTP (an embedded cluster, kubectl proxy)
  config.clusters = config.clusters.map((cluster) =>
    cluster.server.startsWith("http:") ? { ...cluster, skipTLSVerify: true } : cluster
  );
  return new ConfigClient(config, options.timeoutMs ?? 30_000);
}

/** Requests go through the runtime's own HTTP; client-node knows the cluster and the user. */
class ConfigClient implements KubeClient {
  readonly #config: KubeConfig;
  readonly #server: string;
  readonly #timeoutMs: number;
  /** Kept for all requests: connections and TLS sessions live in it. */
  #http: Deno.HttpClient | undefined;
  #closed = false;

  constructor(config: KubeConfig, timeoutMs: number) {
    const server = config.getCurrentCluster()?.server;
    if (server === undefined) {
      throw new AppError("the kubeconfig has no current context: choose one with --context", {
        kind: "invalid",
      });
    }
    this.#config = config;
    this.#timeoutMs = timeoutMs;
    this.#server = server.replace(/\/+$/, "");
  }

  get(path: string, { signal }: RequestOptions): Promise<unknown> {
    return this.#json("GET", path, { signal });
  }

  async list(path: string, options: ListOptions): Promise<Listing> {
    const items: unknown[] = [];
    const query = new URLSearchParams({ limit: String(pageSize), ...selectorsOf(options) });
    for (;;) {
      const { signal } = options;
      const accept = acceptOf("PartialObjectMetadataList", options);
      const page = readPage(
        path,
        await this.#json("GET", `${path}?${query}`, { signal, ...accept }),
      );
      items.push(...(page.items ?? []));
      const next = page.metadata?.continue;
      if (next === undefined || next === "") {
        return { items, resourceVersion: page.metadata?.resourceVersion ?? "" };
      }
      query.set("continue", next);
    }
  }

  async *watch(path: string, options: WatchOptions): AsyncIterable<WatchEvent> {
    const query = new URLSearchParams({
      watch: "true",
      allowWatchBookmarks: "true",
      resourceVersion: options.resourceVersion,
      timeoutSeconds: String(options.timeoutSeconds),
      ...selectorsOf(options),
    });
    // a dead connection tells nothing: the server should have ended the stream by then
    const late = AbortSignal.timeout((options.timeoutSeconds + 15) * 1000);
    const signal = AbortSignal.any([options.signal, late]);
    const accept = acceptOf("PartialObjectMetadata", options);
    const response = await this.#send("GET", `${path}?${query}`, { signal, ...accept });
    for await (const line of readLines(whole(response, options.signal))) {
      yield parseEvent(path, line);
    }
  }

  create(path: string, body: unknown, { signal }: RequestOptions): Promise<unknown> {
    return this.#json("POST", path, { signal, body, contentType: "application/json" });
  }

  patch(path: string, body: unknown, { signal, type }: PatchOptions): Promise<unknown> {
    return this.#json("PATCH", path, {
      signal,
      body,
      contentType: `application/${type}-patch+json`,
    });
  }

  close(): void {
    this.#http?.close();
    this.#http = undefined;
    this.#closed = true;
  }

  async #json(method: string, path: string, options: SendOptions): Promise<unknown> {
    const what = `${method} ${path.split("?")[0]}`;
    const late = AbortSignal.timeout(this.#timeoutMs);
    const signal = AbortSignal.any([options.signal, late]);
    const text = await this.#send(method, path, { ...options, signal })
      .then((response) => response.text())
      .catch((cause: unknown) => {
        options.signal.throwIfAborted();
        if (late.aborted) throw timedOut(what, this.#server, this.#timeoutMs);
        if (cause instanceof AppError) throw cause;
        const message = `${what}: the API server's answer broke off: ${errorText(cause)}`;
        throw new AppError(message, { kind: "unavailable", cause });
      });
    try {
      return JSON.parse(text);
    } catch (cause) {
      const message = `${what}: the API server's answer is not JSON`;
      throw new AppError(message, { kind: "unavailable", cause });
    }
  }

  async #send(method: string, path: string, options: SendOptions): Promise<Response> {
    const what = `${method} ${path.split("?")[0]}`;
    // asked for each time, since the tokens of exec plug-ins expire
    const credentials = await credentialsOf(this.#config);
    const headers = new Headers(credentials.headers);
    if (options.contentType !== undefined) headers.set("content-type", options.contentType);
    if (options.accept !== undefined) headers.set("accept", options.accept);
    const body = options.body === undefined ? null : JSON.stringify(options.body);
    const client = this.#client(credentials);
    const init = { method, headers, body, signal: options.signal, client };
    const response = await fetch(this.#server + path, init).catch((cause: unknown) => {
      if (options.signal.aborted) throw options.signal.reason;
      // the runtime names the whole URL, whose query differs with each try
      const why = errorText(cause).replace(/error sending request for url \(\S*\): /, "");
      const message = `${what}: cannot reach ${this.#server}: ${why}`;
      throw isDenied(cause)
        ? new AppError(message, { kind: "forbidden", cause })
        : new AppError(message, { kind: "unavailable" });
    });
    if (response.ok) return response;
    const retryAfter = response.headers.get("retry-after");
    throw kubeError(what, { status: response.status, body: await response.text(), retryAfter });
  }

  #client(credentials: Credentials): Deno.HttpClient {
    // else a late request would open connections that nobody closes
    if (this.#closed) {
      throw new AppError(`the connection to ${this.#server} is closed`, { kind: "canceled" });
    }
    this.#http ??= httpClientOf(this.#server, credentials);
    return this.#http;
  }
}

/** The selectors that are set, out of options that hold more. */
export function selectorsOf({ labelSelector, fieldSelector }: Selectors): Record<string, string> {
  return {
    ...(labelSelector === undefined ? {} : { labelSelector }),
    ...(fieldSelector === undefined ? {} : { fieldSelector }),
  };
}

interface SendOptions extends RequestOptions {
  readonly body?: unknown;
  readonly contentType?: string;
  readonly accept?: string;
}

function acceptOf(kind: string, { metadataOnly }: ListOptions): { accept?: string } {
  if (metadataOnly !== true) return {};
  return { accept: `application/json;as=${kind};g=meta.k8s.io;v=v1,application/json` };
}

interface ListPage {
  readonly items?: readonly unknown[] | null;
  readonly metadata?: { readonly continue?: string; readonly resourceVersion?: string } | undefined;
}

/**
 * Anything that is no list must not pass for an empty one: everything would be taken back. Only a
 * list carries both a version and items (old servers write no items as `null`).
 */
function readPage(path: string, raw: unknown): ListPage {
  const { items, metadata } = (raw ?? {}) as ListPage;
  const version = metadata?.resourceVersion;
  if (typeof version === "string" && version !== "" && (items === null || Array.isArray(items))) {
    return { items, metadata };
  }
  const message = `GET ${path}: the API server's answer is no list (items or metadata.` +
    `resourceVersion is missing): check what answers at its address`;
  throw new AppError(message, { kind: "unavailable" });
}

function timedOut(what: string, server: string, timeoutMs: number): AppError {
  const message = `${what}: ${server} did not answer within ${timeoutMs / 1000} s`;
  return new AppError(message, { kind: "timeout" });
}

/** The body up to where it breaks off: servers that restart cut their streams anywhere. */
async function* whole(response: Response, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  try {
    yield* response.body ?? [];
  } catch {
    signal.throwIfAborted();
  }
}

function parseEvent(path: string, line: string): WatchEvent {
  const what = `watch of ${path}: the API server sent a line that is`;
  let event: unknown;
  try {
    event = JSON.parse(line);
  } catch {
    // the parser's message quotes the line
    throw new AppError(`${what} not JSON`, { kind: "unavailable" });
  }
  if (typeof event === "object" && event !== null && "type" in event) return event as WatchEvent;
  throw new AppError(`${what} no event`, { kind: "unavailable" });
}
