import type { CommandContext, Process, Streams } from "../../lib/cli/ports.ts";
import { resolveSettings } from "../../lib/cli/settings.ts";
import type { CommandName } from "../../lib/cli/command_names.ts";
import { OPTIONS, type Settings } from "../../lib/cli/options.ts";

/** Streams that keep what was written. */
export class FakeStreams implements Streams {
  stdout = "";
  stderr = "";

  out(text: string): void {
    this.stdout += text;
  }

  err(text: string): void {
    this.stderr += text;
  }
}

/** Default settings of a command, with some of them changed. */
export function fakeSettings(command: CommandName, changed: Partial<Settings> = {}): Settings {
  const result = resolveSettings(command, { flags: {}, env: () => undefined });
  if (!result.ok) throw new Error(`defaults of ${Object.keys(OPTIONS)} are invalid`);
  return { ...result.settings, ...changed };
}

/** A context whose streams are kept. */
export function fakeContext(
  command: CommandName,
  changed: Partial<Settings> = {},
): CommandContext & { readonly streams: FakeStreams } {
  return {
    settings: fakeSettings(command, changed),
    streams: new FakeStreams(),
    signal: new AbortController().signal,
  };
}

/** A process with an environment and kept streams. */
export function fakeProcess(
  env: Readonly<Record<string, string>> = {},
): Process & { readonly streams: FakeStreams } {
  return {
    env: (name) => env[name],
    streams: new FakeStreams(),
    signal: new AbortController().signal,
  };
}
