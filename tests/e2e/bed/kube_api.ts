/** A small client of the Kubernetes API for the bed's own use: JSON objects, and real watches. */
import { parse } from "yaml";

/** What the bed reads of any object. */
export interface KubeObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly resourceVersion?: string;
  };
}

/** One line of a watch. */
export interface WatchEvent<T> {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
  readonly object: T;
}

/** An answer that is not a success. */
export class KubeError extends Error {
  override readonly name = "KubeError";
  readonly status: number;

  constructor(status: number, text: string) {
    super(`the API server answered ${status}: ${text.slice(0, 300)}`);
    this.status = status;
  }
}

interface Kubeconfig {
  readonly clusters: readonly [
    { readonly cluster: { readonly server: string; "certificate-authority-data": string } },
  ];
  readonly users: readonly [
    { readonly user: { "client-certificate-data": string; "client-key-data": string } },
  ];
}

/** Media types of the patches in use. */
export type PatchKind = "merge" | "strategic-merge" | "json";

/** Talks to one API server as the administrator of a kubeconfig. */
export class KubeApi implements Disposable {
  readonly #server: string;
  readonly #http: Deno.HttpClient;

  constructor(kubeconfig: string) {
    const config = parse(kubeconfig) as Kubeconfig;
    const { cluster } = config.clusters[0];
    const { user } = config.users[0];
    this.#server = cluster.server;
    this.#http = Deno.createHttpClient({
      caCerts: [atob(cluster["certificate-authority-data"])],
      cert: atob(user["client-certificate-data"]),
      key: atob(user["client-key-data"]),
    });
  }

  [Symbol.dispose](): void {
    this.#http.close();
  }

  /** GET of a path, decoded. */
  async get<T>(path: string): Promise<T> {
    return await this.#send<T>("GET", path);
  }

  /** True when the server says that it is ready. */
  async ready(): Promise<boolean> {
    const answer = await this.#fetch("/readyz", { signal: AbortSignal.timeout(2000) })
      .catch(() => undefined);
    await answer?.body?.cancel();
    return answer?.ok ?? false;
  }

  /** Creates an object under its collection's path. */
  async create<T>(path: string, object: unknown): Promise<T> {
    return await this.#send<T>("POST", path, object);
  }

  /** Patches an object (or its subresource). */
  async patch(path: string, body: unknown, kind: PatchKind = "merge"): Promise<void> {
    await this.#send("PATCH", path, body, `application/${kind}-patch+json`);
  }

  /** Deletes an object without any grace; an object that is gone already is fine. */
  async remove(path: string, uid?: string): Promise<void> {
    const options = { gracePeriodSeconds: 0, ...(uid ? { preconditions: { uid } } : {}) };
    await this.#send("DELETE", path, options).catch(ignore(404, 409));
  }

  /** Watches a collection from a resource version; ends when the server ends it. */
  async *watch<T>(
    path: string,
    resourceVersion: string,
    signal: AbortSignal,
  ): AsyncGenerator<WatchEvent<T>> {
    const query = `watch=1&allowWatchBookmarks=true&resourceVersion=${resourceVersion}`;
    const answer = await this.#fetch(`${path}?${query}`, { signal });
    if (!answer.ok) throw new KubeError(answer.status, await answer.text());
    if (answer.body === null) return;
    let rest = "";
    for await (const chunk of answer.body.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) yield JSON.parse(line) as WatchEvent<T>;
    }
  }

  async #fetch(path: string, init: RequestInit): Promise<Response> {
    return await fetch(this.#server + path, { ...init, client: this.#http });
  }

  async #send<T>(
    method: string,
    path: string,
    body?: unknown,
    type = "application/json",
  ): Promise<T> {
    const answer = await this.#fetch(path, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      headers: { "content-type": type, accept: "application/json" },
      signal: AbortSignal.timeout(30_000),
    });
    const text = await answer.text();
    if (!answer.ok) throw new KubeError(answer.status, text);
    return JSON.parse(text) as T;
  }
}

/** A catch handler that lets these statuses pass. */
export function ignore(...statuses: readonly number[]): (error: unknown) => undefined {
  return (error) => {
    if (error instanceof KubeError && statuses.includes(error.status)) return undefined;
    throw error;
  };
}
