export { ApiError } from "./api_error.ts";
export type { Fault, FaultInjector, FaultRequest } from "./faults.ts";
export { CONTEXT, kubeconfigFor } from "./kubeconfig.ts";
export { Registry } from "./registry.ts";
export { SAMPLE_NODES, seedNodes } from "./seed.ts";
export { type EmbeddedApi, serve, type ServeOptions } from "./serve.ts";
export { Store } from "./store.ts";
