/** The files that people copy, with the commands in the comment at the head of each. */
import { join } from "node:path";

const FOLDER = join(import.meta.dirname ?? ".", "..", "examples");
const COMMAND = /^#\s+\$ (.+)$/;

/** An example file. */
export interface Example {
  /** `http-split.yaml` */
  readonly file: string;
  readonly yaml: string;
  /** Commands up to the one that learns the address. */
  readonly setUp: readonly string[];
  /** Commands that ask what is served then. */
  readonly tries: readonly string[];
}

/** Reads every example, by name. */
export async function exampleFiles(): Promise<readonly Example[]> {
  const files = [...Deno.readDirSync(FOLDER)].map(({ name }) => name).toSorted();
  return await Promise.all(
    files.map(async (file) => parseExample(file, await Deno.readTextFile(join(FOLDER, file)))),
  );
}

/** Reads the commands out of the comment at the head of a file. Pure. */
export function parseExample(file: string, yaml: string): Example {
  const head = yaml.split("\n").filter((line) => line.startsWith("#"));
  const commands = head.flatMap((line) => COMMAND.exec(line)?.[1] ?? []);
  const learns = commands.findIndex((command) => command.startsWith("address="));
  if (learns < 0) throw new Error(`the comment of ${file} does not say how to learn the address`);
  const [setUp, tries] = [commands.slice(0, learns + 1), commands.slice(learns + 1)];
  return { file, yaml, setUp, tries };
}
