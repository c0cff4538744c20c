import config from "../../deno.json" with { type: "json" };
import type { VersionFacts } from "./ports.ts";

/** The version out of deno.json, and what it runs on. */
export function versionFacts(): VersionFacts {
  return {
    berth: config.version,
    deno: Deno.version.deno,
    platform: `${Deno.build.os}/${Deno.build.arch}`,
  };
}
