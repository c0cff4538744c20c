export * from "./serve_clusters.ts";
