/** What berth can be told to do; `run` when nothing is said. */
export const COMMAND_NAMES = [
  "run",
  "dev",
  "status",
  "doctor",
  "cleanup",
  "pools",
  "list-images",
  "version",
  "help",
  "completion",
] as const;

/** The name of a command. */
export type CommandName = typeof COMMAND_NAMES[number];
