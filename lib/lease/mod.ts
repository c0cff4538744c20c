export { leadWhileHeld } from "./election.ts";
export type * from "./types.ts";
export { timingProblem } from "./timing.ts";
