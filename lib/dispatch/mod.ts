export * from "./backoff.ts";
export * from "./dispatcher.ts";
export * from "./protocol.ts";
export * from "./queue.ts";
export type * from "./types.ts";
export * from "./worker_pool.ts";
export * from "./worker_side.ts";
