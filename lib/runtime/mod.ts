export type * from "./types.ts";
export { createEngine, type EngineOptions } from "./engine.ts";
export { type EnginePermissions, enginePermissions } from "./permissions.ts";
export { type DetectedEngine, detectEngine, type DetectOptions } from "./detect.ts";
export type { EngineKind, Environment } from "./candidates.ts";
