/**
 * Compiles berth for one target and packs it with licence and README:
 * `deno run -A scripts/release.ts x86_64-unknown-linux-gnu` writes `dist/berth-TARGET.tar.gz`, for
 * Windows `.zip`. Flags and permissions are those of the compile task.
 */
import { ROOT } from "./module_graph.ts";
import { verdict } from "./verdict.ts";

/** What is run for a target. */
export interface ReleasePlan {
  /** Arguments of deno. */
  readonly compile: readonly string[];
  /** Packing program and its arguments, run in `dist/TARGET`. */
  readonly pack: readonly [string, ...string[]];
}

/** Turns the compile task's command into the one for a target. */
export function releasePlan(task: string, target: string): ReleasePlan {
  const [program, ...args] = task.split(" ");
  if (program !== "deno" || args[0] !== "compile" || !args.includes("--output")) {
    throw new Error(`the compile task is not "deno compile … --output …": ${task}`);
  }
  const output = `dist/${target}/berth`;
  const compile = args.map((arg, i) => args[i - 1] === "--output" ? output : arg);
  const isWindows = target.includes("windows");
  const files = [isWindows ? "berth.exe" : "berth", "LICENSE", "README.md"];
  const archive = `../berth-${target}`;
  return {
    compile: [...compile.slice(0, 1), "--target", target, ...compile.slice(1)],
    pack: isWindows
      ? ["zip", "-q", `${archive}.zip`, ...files]
      : ["tar", "-czf", `${archive}.tar.gz`, "--owner=0", "--group=0", ...files],
  };
}

async function run(program: string, args: readonly string[], cwd: string): Promise<boolean> {
  const { success } = await new Deno.Command(program, { args: [...args], cwd }).spawn().status;
  return success;
}

if (import.meta.main) {
  const [target = ""] = Deno.args;
  const config = JSON.parse(await Deno.readTextFile(`${ROOT}deno.json`)) as {
    readonly tasks: { readonly compile: { readonly command: string } };
  };
  const { compile, pack: [packer, ...args] } = releasePlan(config.tasks.compile.command, target);
  const folder = `${ROOT}dist/${target}`;
  await Deno.mkdir(folder, { recursive: true });
  for (const file of ["LICENSE", "README.md"]) {
    await Deno.copyFile(ROOT + file, `${folder}/${file}`);
  }
  const done = await run(Deno.execPath(), compile, ROOT) && await run(packer, args, folder);
  verdict(done ? [] : [`no release for ${target}: see above`], `released ${target}`);
}
