import assert from "assert";

/** Sends a request to the API server under test; the path begins with a slash. */
export type ApiFetch = (path: string, init?: RequestInit) => Promise<Response>;

/** Any JSON object of an answer. */
// deno-lint-ignore no-explicit-any -- tests look into objects of many shapes
export type Body = Record<string, any>;

/** An answer with its body read. */
export interface Answer {
  readonly status: number;
  readonly body: Body;
}

/** One event of a watch. */
export interface SeenEvent {
  readonly type: string;
  readonly object: Body;
}

const MERGE = "application/merge-patch+json";

/** An API server under test, with a namespace of its own for one case. */
export class ApiBed implements AsyncDisposable {
  readonly namespace: string;
  readonly #fetch: ApiFetch;

  constructor(fetch: ApiFetch, namespace: string) {
    this.#fetch = fetch;
    this.namespace = namespace;
  }

  /** Makes the namespace; disposing deletes it without waiting. */
  static async open(fetch: ApiFetch): Promise<ApiBed> {
    const name = `contract-${crypto.randomUUID().slice(0, 8)}`;
    const bed = new ApiBed(fetch, name);
    const made = await bed.call("POST", "/api/v1/namespaces", { metadata: { name } });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    return bed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.call("DELETE", `/api/v1/namespaces/${this.namespace}`);
  }

  /** The path of a resource of `v1` in the namespace. */
  path(plural: string, name = ""): string {
    return `/api/v1/namespaces/${this.namespace}/${plural}${name && `/${name}`}`;
  }

  /** The path of a resource of another group in the namespace. */
  groupPath(groupVersion: string, plural: string, name = ""): string {
    return `/apis/${groupVersion}/namespaces/${this.namespace}/${plural}${name && `/${name}`}`;
  }

  /** One request; bodies are JSON unless they are text. */
  async call(method: string, path: string, body?: Body | string, type?: string): Promise<Answer> {
    const headers = { "content-type": type ?? "application/json", accept: "application/json" };
    const text = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
    const response = await this.#fetch(path, {
      method,
      headers,
      ...(text !== undefined && { body: text }),
    });
    const answer = await response.text();
    return { status: response.status, body: parsed(answer) };
  }

  /** A request whose answer is not looked at as JSON. */
  raw(path: string, init?: RequestInit): Promise<Response> {
    return this.#fetch(path, init);
  }

  /** A merge patch. */
  merge(path: string, body: Body): Promise<Answer> {
    return this.call("PATCH", path, body, MERGE);
  }

  /** Creates and returns the object; fails when refused. */
  async create(path: string, body: Body): Promise<Body> {
    const made = await this.call("POST", path, body);
    assert.equal(made.status, 201, JSON.stringify(made.body));
    return made.body;
  }

  /** Creates a Service with one port unless the spec says otherwise. */
  service(name: string, spec: Body = {}): Promise<Body> {
    return this.create(this.path("services"), serviceBody(name, spec));
  }

  /** Starts a watch. */
  async watch(path: string): Promise<WatchReader> {
    const response = await this.#fetch(path, { headers: { accept: "application/json" } });
    assert.equal(response.status, 200);
    assert.ok(response.body);
    return new WatchReader(response.body);
  }
}

function parsed(text: string): Body {
  try {
    return JSON.parse(text) as Body;
  } catch {
    return { text };
  }
}

/** A Service with one port unless the spec says otherwise. */
export function serviceBody(name: string, spec: Body = {}): Body {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name },
    spec: { ports: [{ port: 80 }], selector: { app: "none" }, ...spec },
  };
}

/** Reads the events of a watch one by one. */
export class WatchReader implements AsyncDisposable {
  readonly #reader: ReadableStreamDefaultReader<string>;
  #rest = "";

  constructor(stream: ReadableStream<Uint8Array<ArrayBuffer>>) {
    this.#reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  }

  /** The next event, or undefined at the end. */
  async next(): Promise<SeenEvent | undefined> {
    for (;;) {
      const end = this.#rest.indexOf("\n");
      if (end >= 0) {
        const line = this.#rest.slice(0, end);
        this.#rest = this.#rest.slice(end + 1);
        return JSON.parse(line) as SeenEvent;
      }
      const { done, value } = await this.#reader.read();
      if (done) return undefined;
      this.#rest += value;
    }
  }

  /** The next so many events as `TYPE name`. */
  async take(count: number): Promise<readonly string[]> {
    const seen: string[] = [];
    while (seen.length < count) {
      const event = await this.next();
      if (!event) break;
      if (event.type !== "BOOKMARK") seen.push(`${event.type} ${event.object["metadata"]?.name}`);
    }
    return seen;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#reader.cancel();
  }
}

/** The fields of the causes of a 422 answer, in order. */
export function causeFields({ body }: Answer): readonly string[] {
  const causes: readonly Body[] = body["details"]?.causes ?? [];
  return causes.map((cause) => `${cause["field"]} ${cause["reason"]}`);
}

/** What a case does. */
export type ApiCase = (bed: ApiBed) => Promise<void>;
