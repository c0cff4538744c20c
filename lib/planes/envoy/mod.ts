export { createEnvoyPlane, type EnvoyPlaneOptions } from "./plane.ts";
export { ENVOY_IMAGE, envoyImage } from "./image.ts";
export { inspectConfig, inspectProxies, type ProxyFacts, publishedLookup } from "./inspection.ts";
