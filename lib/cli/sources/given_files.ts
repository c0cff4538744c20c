import { AppError, UsageError } from "../../core/mod.ts";
import type { CommandName } from "../command_names.ts";

/** A file and what is in it. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}

/** Options of {@link givenTexts}. */
export interface GivenFiles {
  /** Values of `--file`; `-` is standard input. */
  readonly files: readonly string[];
  /** For messages. */
  readonly command: CommandName;
  /** Reads standard input to its end. */
  stdin?(): Promise<string>;
}

/**
 * The texts of files that a person names, each once.
 *
 * @throws AppError when one cannot be read.
 */
export async function givenTexts(given: GivenFiles): Promise<readonly NamedText[]> {
  const { stdin = () => new Response(Deno.stdin.readable).text(), command } = given;
  return await Promise.all(
    [...new Set(given.files)].map(async (name) =>
      name === "-"
        ? { name: "standard input", text: await stdin() }
        : { name, text: await readFile(name, command) }
    ),
  );
}

async function readFile(name: string, command: CommandName): Promise<string> {
  try {
    return await Deno.readTextFile(name);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotCapable) {
      const line = `deno run --allow-read=${name} main.ts ${command} -f ${name}`;
      throw new UsageError(`berth may not read ${name}: use ${line}`);
    }
    throw new AppError(`cannot read ${name}: give a readable file to --file`, {
      kind: "invalid",
      cause,
    });
  }
}
