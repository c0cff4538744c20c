export * from "./client.ts";
export { decodeEndpointSlice, decodeNode, decodePod, decodeService, objectKey } from "./decode.ts";
export * from "./decode_object.ts";
export * from "./event_recorder.ts";
export * from "./in_cluster.ts";
export * from "./informer.ts";
export * from "./kube_error.ts";
export * from "./service_patches.ts";
export type * from "./types.ts";
