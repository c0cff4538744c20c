export type * from "./types.ts";
export { createEngine, type EngineOptions } from "./engine.ts";
export { type EnginePermissions, enginePermissions } from "./permissions.ts";
