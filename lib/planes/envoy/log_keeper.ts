import { getLogger, type Logger } from "@logtape/logtape";
import { AppError, type Clock, errorKind, errorText } from "../../core/mod.ts";
import type { Container, ContainerEngine, LogLimits } from "../../runtime/types.ts";
import { abortable } from "./abortable.ts";
import { PROXY_LABEL, spareName } from "./names.ts";

/** Milliseconds that a container waits for its log to be kept. */
const MOST_MS = 3_000;

/** Most of one log. */
const MOST: LogLimits = { lines: 50_000, bytes: 8 << 20 };

/** Where logs of proxies go. */
export interface LogFiles {
  readonly directory: string;
  /** Writes a file, in the place of one of that path. */
  write(path: string, content: Uint8Array): Promise<void>;
}

/** What a {@link LogKeeper} needs. */
export interface LogKeeperOptions {
  readonly cluster: string;
  readonly engine: Pick<ContainerEngine, "containers" | "containerLog" | "removeContainer">;
  readonly clock: Clock;
  /** Absent: nothing is kept. */
  readonly files?: LogFiles | undefined;
  readonly logger?: Logger;
}

/** Writes logs of proxies to files, before their containers go or start again. */
export class LogKeeper {
  readonly #options: LogKeeperOptions;
  readonly #log: Logger;
  /** Container → its file: one that ends again and again has one file alone. */
  readonly #paths = new Map<string, string>();

  constructor(options: LogKeeperOptions) {
    this.#options = options;
    this.#log = options.logger ?? getLogger(["berth", "planes", "envoy"]);
  }

  /** Removes the container of a proxy, its log kept first. */
  async remove(container: string, proxy: string): Promise<void> {
    await this.keep(proxy);
    this.#paths.delete(container);
    await this.#options.engine.removeContainer(container);
  }

  /** Keeps what a proxy's container wrote, unless it is a spare; never rejects or takes long. */
  async keep(proxy: string): Promise<void> {
    const { cluster, clock, engine, files } = this.#options;
    if (files === undefined) return;
    let file = files.directory;
    const keepAll = async () => {
      for (const container of await engine.containers({ labels: [`${PROXY_LABEL}=${proxy}`] })) {
        if (container.name.startsWith(spareName(cluster, proxy))) continue;
        file = this.#pathOf(container, files);
        const content = await engine.containerLog(container.id, MOST);
        if (content.length === 0) continue;
        await files.write(file, content);
        this.#log.info("container log kept", { file });
      }
    };
    const [done, late] = [new AbortController(), new AbortController()];
    clock.sleep(MOST_MS, done.signal).then(() => late.abort(tooLate()), () => {});
    await abortable(keepAll(), late.signal).catch((error) => {
      // somebody else removed it
      if (errorKind(error) !== "not-found") this.#warn(file, error);
    });
    done.abort();
  }

  #pathOf({ id, name }: Container, { directory }: LogFiles): string {
    const stamp = new Date(this.#options.clock.now()).toISOString().replaceAll(/[-:]/g, "");
    const path = this.#paths.get(id) ?? `${directory}/${name}-${stamp}.log`;
    this.#paths.set(id, path);
    return path;
  }

  #warn(file: string, error: unknown): void {
    this.#log.warn(
      "container log not kept: see to rights and space of --logs-dir, and to the engine",
      { file, reason: errorText(error) },
    );
  }
}

function tooLate(): AppError {
  return new AppError(`the engine gave no log within ${MOST_MS / 1000} s`, { kind: "timeout" });
}
