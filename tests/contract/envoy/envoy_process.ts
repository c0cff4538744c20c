import { get } from "node:http";
import { text } from "node:stream/consumers";
import {
  bootstrap,
  type EnvoyFile,
  envoyFiles,
  type FilesOptions,
} from "../../../lib/planes/envoy/config/mod.ts";
import { handover } from "../../../lib/planes/envoy/handover.ts";
import type { RouteSpec } from "../../../lib/proxy/types.ts";

/** How often Envoy is asked whether it is there, at most. */
const ASK_MS = 10;

/** How long Envoy may take for anything. */
const PATIENCE_MS = 20_000;

/** What Envoy says against a resource. */
export interface Refusal {
  readonly kind: string;
  readonly text: string;
}

/** A real Envoy with a directory of its own; empty until {@link EnvoyProcess.load}. */
export class EnvoyProcess implements AsyncDisposable {
  readonly directory: string;
  readonly #child: Deno.ChildProcess;
  readonly #log: Promise<string>;
  readonly #written = new Map<string, EnvoyFile>();

  /** Takes over a running program; see {@link EnvoyProcess.start}. */
  constructor(directory: string, child: Deno.ChildProcess) {
    this.directory = directory;
    this.#child = child;
    this.#log = readAll(child.stderr);
  }

  /** Starts the program at `path`. */
  static async start(path: string, options: Partial<FilesOptions> = {}): Promise<EnvoyProcess> {
    const directory = await Deno.makeTempDir({ prefix: "berth-envoy-" });
    const adminSocket = `${directory}/admin.sock`;
    await Deno.writeTextFile(
      `${directory}/bootstrap.json`,
      bootstrap({ id: "test", directory, adminSocket }),
    );
    const empty = { key: "", addresses: [], ports: [], backends: [] };
    const files = envoyFiles({ ...empty, certificates: [], authorities: [] }, {
      ...options,
      directory,
    });
    for (const file of files) await Deno.writeTextFile(`${directory}/${file.name}`, file.content);
    const child = new Deno.Command(path, {
      args: [
        ...["-c", `${directory}/bootstrap.json`, "--disable-hot-restart", "--concurrency", "1"],
        ...["-l", "warn", "--drain-time-s", "1", "--drain-strategy", "immediate"],
      ],
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    const envoy = new EnvoyProcess(directory, child);
    files.forEach((file) => envoy.#written.set(file.name, file));
    await envoy.#until(async () => (await envoy.admin("/ready")).startsWith("LIVE"));
    return envoy;
  }

  /** What the administration socket answers. */
  async admin(path: string): Promise<string> {
    // fetch would send the whole URL as it does to a proxy, which Envoy does not take here
    return await new Promise<string>((resolve, reject) => {
      const socketPath = `${this.directory}/admin.sock`;
      get({ socketPath, path, agent: false }, (answer) => resolve(text(answer)))
        .on("error", reject);
    });
  }

  /** Writes what changed and waits until Envoy took or refused each file. */
  async load(spec: RouteSpec, options: Partial<FilesOptions> = {}): Promise<readonly Refusal[]> {
    const files = envoyFiles(spec, { ...options, directory: this.directory });
    const before = await this.#rejections();
    const changed = files.filter((file) => this.#written.get(file.name)?.content !== file.content);
    const turns = handover(changed, this.#written.get("cds.json")?.content ?? "");
    for (const [at, turn] of turns.entries()) {
      for (const file of turn) this.#write(file);
      const expected = at === turns.length - 1 ? files : turn;
      await this.#until(async () => {
        if ((await this.#rejections()) > before) return true;
        return await this.#confirmed(expected);
      });
    }
    if ((await this.#rejections()) > before) return await this.refusals();
    return [];
  }

  /** What Envoy refused of its present files. */
  async refusals(): Promise<readonly Refusal[]> {
    const dump: { configs?: Record<string, unknown>[] } = JSON.parse(
      await this.admin("/config_dump?include_eds"),
    );
    const found: Refusal[] = [];
    for (const config of dump.configs ?? []) collectErrors(config, found);
    const stats = await this.admin("/stats?filter=update_(rejected|failure)");
    const counted = stats.split("\n").filter((line) => !/: 0$/.test(line) && line !== "");
    return [...found, ...counted.map((text) => ({ kind: "stat", text }))];
  }

  /** Ends the program; returns what it wrote. */
  async stop(): Promise<string> {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // it has gone already
    }
    await this.#child.status;
    return await this.#log;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await Deno.remove(this.directory, { recursive: true });
  }

  #write(file: EnvoyFile): void {
    const path = `${this.directory}/${file.name}`;
    Deno.writeTextFileSync(`${path}.new`, file.content);
    Deno.renameSync(`${path}.new`, path);
    this.#written.set(file.name, file);
  }

  async #rejections(): Promise<number> {
    const stats = await this.admin("/stats?filter=update_(rejected|failure)$");
    return stats.split("\n").reduce((sum, line) => sum + Number(line.split(": ")[1] ?? 0), 0);
  }

  async #confirmed(files: readonly EnvoyFile[]): Promise<boolean> {
    const texts = await this.admin("/stats?type=TextReadouts");
    const warming = await this.admin("/stats?filter=warming");
    if (/: [1-9]/.test(warming)) return false;
    const used = files.filter(({ kind }) => kind !== "sds");
    return used.every(({ versionStat, version }) => texts.includes(`${versionStat}: "${version}"`));
  }

  async #until(done: () => Promise<boolean>): Promise<void> {
    const end = Date.now() + PATIENCE_MS;
    for (;;) {
      if (await done().catch(() => false)) return;
      if (Date.now() > end) break;
      await new Promise((resolve) => setTimeout(resolve, ASK_MS));
    }
    const stats = await this.admin("/stats").catch(String);
    const log = await this.stop();
    throw new Error(`envoy did not get there:\n${stats}\n${log}`);
  }
}

function collectErrors(value: unknown, found: Refusal[]): void {
  if (typeof value !== "object" || value === null) return;
  for (const [name, part] of Object.entries(value)) {
    if (name === "error_state") found.push({ kind: name, text: JSON.stringify(part) });
    else collectErrors(part, found);
  }
}

async function readAll(stream: ReadableStream<Uint8Array>): Promise<string> {
  return await new Response(stream).text();
}
