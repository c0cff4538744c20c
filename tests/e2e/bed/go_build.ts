/** Builds Go programs straight from the module proxy, through a throw-away wrapper module. */
import { basename, join } from "node:path";
import { cached, cacheDirectory, exists } from "./cache.ts";
import { run, runAnyway } from "./shell.ts";

/** Programs of one Go module. */
export interface GoSource {
  readonly module: string;
  readonly version: string;
  /** Further modules that the programs live in, in the same wrapper. */
  readonly alsoRequire?: Readonly<Record<string, string>>;
  /** Replaces every `./staging/src/X` of the module's own go.mod with the published X. */
  readonly stagingVersion?: string;
  /** Program name → package path. */
  readonly programs: Readonly<Record<string, string>>;
  /** Test programs (`go test -c`), name → package path. */
  readonly testPrograms?: Readonly<Record<string, string>>;
  readonly ldflags?: string;
}

/** Go that a bare machine gets when it has none that is new enough. */
const TOOLCHAIN = "1.26.8";
const OLDEST_MINOR = 26;

/** Builds all programs of `source` into `directory`. */
export async function buildGo(source: GoSource, directory: string): Promise<void> {
  const go = await findGo();
  const work = await Deno.makeTempDir({ prefix: "berth-go-" });
  try {
    await Deno.writeTextFile(join(work, "go.mod"), await wrapperModule(go, source));
    const flags = ["-p", "2", "-trimpath", "-ldflags", `-s -w ${source.ldflags ?? ""}`];
    const programs = Object.entries(source.programs);
    const sameNames = programs.every(([name, path]) => basename(path) === name);
    if (programs.length > 1 && sameNames) {
      const packages = programs.map(([, path]) => path);
      await runGo(go, ["build", ...flags, "-o", `${directory}/`, ...packages], work);
    } else {
      for (const [name, path] of programs) {
        await runGo(go, ["build", ...flags, "-o", join(directory, name), path], work);
      }
    }
    for (const [name, path] of Object.entries(source.testPrograms ?? {})) {
      await runGo(go, ["test", "-c", ...flags, "-o", join(directory, name), path], work);
    }
  } finally {
    await Deno.remove(work, { recursive: true });
  }
}

/** Builds a Go program whose module lies in this repository. */
export async function buildLocalGo(folder: string, output: string): Promise<void> {
  const flags = ["-p", "2", "-trimpath", "-ldflags", "-s -w"];
  await runGo(await findGo(), ["build", ...flags, "-o", output, "."], folder);
}

/** The go command: the machine's own when new enough, else one from the module proxy. */
export async function findGo(): Promise<string> {
  const own = await runAnyway(["sh", "-c", "go env GOVERSION"]);
  const minor = /^go1\.(\d+)/.exec(own.stdout)?.[1];
  if (minor !== undefined && Number(minor) >= OLDEST_MINOR) return "go";
  return join(await cached(`go-${TOOLCHAIN}`, downloadToolchain), "bin", "go");
}

async function downloadToolchain(directory: string): Promise<void> {
  const arch = Deno.build.arch === "aarch64" ? "arm64" : "amd64";
  const version = `v0.0.1-go${TOOLCHAIN}.linux-${arch}`;
  const proxy = await moduleProxy();
  const zip = join(directory, "go.zip");
  await run(["curl", "-fsSL", "-o", zip, `${proxy}/golang.org/toolchain/@v/${version}.zip`]);
  await run(["unzip", "-q", zip, "-d", directory]);
  await Deno.remove(zip);
  const unpacked = join(directory, "golang.org", `toolchain@${version}`);
  await run(["sh", "-c", `mv "$0"/* "$1"`, unpacked, directory]);
  await run(["chmod", "-R", "+x", join(directory, "bin"), join(directory, "pkg", "tool")]);
}

/** The first proxy that the machine's Go asks, however old that Go is. */
async function moduleProxy(): Promise<string> {
  const { stdout } = await runAnyway(["sh", "-c", "go env GOPROXY"]);
  const [proxy] = stdout.trim().split(/[,|]/);
  if (proxy === undefined || proxy === "") {
    throw new Error("no Go to ask for its module proxy: install golang-go, of any version");
  }
  return proxy;
}

async function runGo(go: string, args: readonly string[], cwd: string): Promise<void> {
  await run(["nice", "-n", "10", go, ...args], {
    cwd,
    env: {
      CGO_ENABLED: "0",
      GOFLAGS: "-mod=mod -buildvcs=false",
      GOTOOLCHAIN: "local",
      GOMAXPROCS: "2",
      GOWORK: "off",
    },
  });
}

/** The wrapper's go.mod: requires the module and repeats the replacements that only work at home. */
async function wrapperModule(go: string, source: GoSource): Promise<string> {
  const lines = ["module bed.invalid/wrapper", "", "go 1.26.0", "", "godebug default=go1.26", ""];
  const required = { [source.module]: source.version, ...source.alsoRequire };
  for (const [module, version] of Object.entries(required)) {
    lines.push(`require ${module} ${version}`);
  }
  if (source.stagingVersion !== undefined) {
    for (const name of await stagingModules(go, source)) {
      lines.push(`replace ${name} => ${name} ${source.stagingVersion}`);
    }
  }
  return lines.join("\n") + "\n";
}

async function stagingModules(go: string, source: GoSource): Promise<string[]> {
  const target = `${source.module}@${source.version}`;
  const answer = await run([go, "mod", "download", "-json", target], { cwd: cacheDirectory() });
  const path: unknown = JSON.parse(answer).GoMod;
  if (typeof path !== "string" || !await exists(path)) {
    throw new Error(`module ${target} has no go.mod in the module cache: check GOPROXY`);
  }
  const text = await Deno.readTextFile(path);
  const found = text.matchAll(/^\s*(?:replace\s+)?(\S+) => \.\/staging\/src\/\S+$/gm);
  return [...found].map((match) => match[1] ?? "");
}
