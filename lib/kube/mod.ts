export * from "./client.ts";
export * from "./decode.ts";
export * from "./event_recorder.ts";
export * from "./in_cluster.ts";
export * from "./informer.ts";
export * from "./kube_error.ts";
export * from "./service_patches.ts";
export type * from "./types.ts";
