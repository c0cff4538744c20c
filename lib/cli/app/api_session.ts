import type { Clock } from "../../core/mod.ts";
import {
  createKubeClient,
  decodeEndpointSlice,
  decodeNode,
  decodePod,
  decodeService,
  type InformerHandlers,
  type KubeClient,
  runInformer,
} from "../../kube/mod.ts";
import type { EndpointSlice, KubeObject, Node, Pod, Service } from "../../kube/types.ts";
import { failureLog } from "./failure_log.ts";
import { SERVICE_NAME_LABEL } from "../../services/mod.ts";

/** What a session passes on; `synced` comes once, when all kinds but Pods are known. */
export interface ApiHandlers {
  readonly services: ObjectHandlers<Service>;
  readonly slices: ObjectHandlers<EndpointSlice>;
  readonly nodes: ObjectHandlers<Node>;
  /** May stay silent: berth works without the right to read Pods. */
  readonly pods: ObjectHandlers<Pod>;
  synced(): void;
}

/** News of one kind of object. */
export type ObjectHandlers<T extends KubeObject> = Pick<
  InformerHandlers<T>,
  "sync" | "applied" | "deleted"
>;

/** Options of {@link openApiSession}. */
export interface ApiSessionOptions {
  readonly cluster: string;
  readonly kubeconfig: string;
  readonly handlers: ApiHandlers;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** A connection to one API server with the watches that berth keeps on it. */
export interface ApiSession extends AsyncDisposable {
  readonly client: KubeClient;
}

/** Starts the watches; they resume by themselves until the session is disposed. */
export function openApiSession(options: ApiSessionOptions): ApiSession {
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const client = createKubeClient(options.kubeconfig);
  const { handlers, clock, cluster } = options;
  let missing = 3;
  const watch = <T extends KubeObject>(what: Watched<T>) =>
    runInformer({
      client,
      clock,
      signal,
      random: Math.random,
      path: what.path,
      ...(what.labelSelector === undefined ? {} : { labelSelector: what.labelSelector }),
      decode: what.decode,
      handlers: {
        // not spread: methods of an instance would be left behind
        applied: (object) => what.handlers.applied(object),
        deleted: (object) => what.handlers.deleted(object),
        ...failureLog(cluster, what.path),
        sync: firstSync(what.handlers, () => {
          if (what.optional !== true && --missing === 0) handlers.synced();
        }),
      },
    });
  const watches = [
    watch({ path: "/api/v1/pods", decode: decodePod, handlers: handlers.pods, optional: true }),
    watch({ path: "/api/v1/nodes", decode: decodeNode, handlers: handlers.nodes }),
    watch({ path: "/api/v1/services", decode: decodeService, handlers: handlers.services }),
    watch({
      path: "/apis/discovery.k8s.io/v1/endpointslices",
      labelSelector: SERVICE_NAME_LABEL,
      decode: decodeEndpointSlice,
      handlers: handlers.slices,
    }),
  ];
  return {
    client,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await Promise.all(watches);
      client.close();
    },
  };
}

interface Watched<T extends KubeObject> {
  readonly path: string;
  readonly labelSelector?: string;
  readonly optional?: boolean;
  readonly decode: (raw: unknown) => T;
  readonly handlers: ObjectHandlers<T>;
}

function firstSync<T extends KubeObject>(
  handlers: ObjectHandlers<T>,
  first: () => void,
): (objects: readonly T[]) => void {
  let seen = false;
  return (objects) => {
    handlers.sync(objects);
    if (!seen) first();
    seen = true;
  };
}
