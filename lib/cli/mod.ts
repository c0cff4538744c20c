export { createWiring } from "./default_wiring.ts";
export type { Process, Streams } from "./ports.ts";
export { runProgram } from "./program.ts";
export type { Wiring } from "./wiring.ts";
