export { bootstrap } from "./bootstrap.ts";
export { NOWHERE } from "./endpoints.ts";
export { envoyFiles } from "./files.ts";
export { hash64, MISSING_CLUSTER, portOfListener, portOfRoutes } from "./names.ts";
export { configProblems } from "./servable.ts";
export { serviceProblems, serviceRoutes, type ServiceRoutesOptions } from "./service_routes.ts";
export type * from "./types.ts";
