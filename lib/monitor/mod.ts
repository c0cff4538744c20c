export { serveHealth } from "./health_server.ts";
export { Metrics } from "./metrics.ts";
export type * from "./types.ts";
