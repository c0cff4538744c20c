import type { Encoder, Presentation } from "./encoder.ts";
import type { Registry } from "./registry.ts";
import type { ResourceTarget } from "./request_path.ts";
import type { WatchStream } from "./watch_stream.ts";

/** Where the text of a Pod's log comes from. */
export interface PodLogs {
  /** Lines so far and, when following, those to come; undefined when nobody runs the Pod. */
  read(pod: LogRequest): ReadableStream<Uint8Array> | string | undefined;
}

/** Which log, and how much of it. */
export interface LogRequest {
  readonly namespace: string;
  readonly name: string;
  readonly follow: boolean;
  /** Only the last so many lines. */
  readonly tailLines?: number;
}

/** What the handlers share. */
export interface ApiServer {
  readonly registry: Registry;
  readonly encoder: Encoder;
  readonly streams: Set<WatchStream>;
  readonly logs: PodLogs;
}

/** One request for a resource. */
export interface ApiCall {
  readonly server: ApiServer;
  readonly request: Request;
  readonly params: URLSearchParams;
  readonly target: ResourceTarget;
  readonly presentation: Presentation;
  /** Fault injection: close a watch after so many events; Infinity for never. */
  readonly watchLimit: number;
}

/** The object that a call's path names; callers have checked that there is a name. */
export function refOf({ target }: ApiCall): { namespace: string | undefined; name: string } {
  return { namespace: target.namespace, name: target.name ?? "" };
}
