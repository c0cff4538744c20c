export { bootstrap } from "./bootstrap.ts";
export { envoyFiles } from "./files.ts";
export { portOfListener, portOfRoutes } from "./names.ts";
export { configProblems } from "./servable.ts";
export { serviceProblems, serviceRoutes, type ServiceRoutesOptions } from "./service_routes.ts";
export type * from "./types.ts";
