export * from "./serve_clusters.ts";
export * from "./serve_dev.ts";
