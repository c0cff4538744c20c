import type { CommandContext, VersionFacts } from "../ports.ts";

/** `berth version`: the number alone for people's eyes and scripts, all facts as JSON. */
export function version({ settings, streams }: CommandContext, facts: VersionFacts): number {
  streams.out(
    settings.output === "json" ? `${JSON.stringify(facts)}\n` : `berth ${facts.berth}\n`,
  );
  return 0;
}
