export { createEnvoyPlane, type EnvoyPlaneOptions } from "./plane.ts";
export type { LogFiles } from "./log_keeper.ts";
export { type ProxySummary, type ServeSummary, summarize } from "./config_summary.ts";
export { ENVOY_IMAGE, envoyImage } from "./image.ts";
export { inspectConfig, inspectProxies, type ProxyFacts, publishedLookup } from "./inspection.ts";
