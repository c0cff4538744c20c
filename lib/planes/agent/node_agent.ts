import { AppError } from "../../core/mod.ts";
import type { ContainerSession } from "../../runtime/types.ts";
import { decodeAgentLine, encodeBlock, type Step } from "./agent_protocol.ts";
import { AGENT_SCRIPT } from "./agent_script.ts";

/** What an agent tells on its own accord. */
export interface AgentEvents {
  /** Somebody else changed our tables or took an address away. */
  damaged(reason: string): void;
  /** The session ended: the node died or the engine is in trouble. */
  ended(reason: string): void;
}

interface Pending {
  readonly lines: string[];
  readonly answer: PromiseWithResolvers<readonly string[]>;
}

/** The command that a node's session runs; the agent replaces it. */
export const NODE_SHELL: readonly string[] = ["bash"];

/** One node's long-lived session with our program in it. */
export class NodeAgent implements AsyncDisposable {
  readonly #session: ContainerSession;
  readonly #events: AgentEvents;
  readonly #pending = new Map<number, Pending>();
  readonly #ready = Promise.withResolvers<void>();
  readonly #reading: Promise<void>;
  #last = 0;
  #open = true;

  constructor(session: ContainerSession, events: AgentEvents) {
    this.#session = session;
    this.#events = events;
    this.#ready.promise.catch(() => {});
    this.#reading = this.#read();
  }

  /**
   * Starts the agent in a session that runs {@link NODE_SHELL}.
   *
   * @throws AppError `unavailable` when the session ends first, `invalid` when the node has no Perl.
   */
  static async start(session: ContainerSession, events: AgentEvents): Promise<NodeAgent> {
    const agent = new NodeAgent(session, events);
    await session.write(startScript());
    await agent.#ready.promise;
    return agent;
  }

  /**
   * Runs steps in order, up to the first that fails.
   *
   * @returns Lines that `ask` steps printed.
   * @throws AppError `internal` with the command's own words, `unavailable` when the session ends.
   */
  async run(steps: readonly Step[]): Promise<readonly string[]> {
    if (!this.#open) throw this.#gone();
    const id = ++this.#last;
    const pending = { lines: [], answer: Promise.withResolvers<readonly string[]>() };
    this.#pending.set(id, pending);
    // a failed write shows in #read as the end of the session
    await this.#session.write(encodeBlock(id, steps)).catch(() => {});
    return await pending.answer.promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#open = false;
    await this.#session[Symbol.asyncDispose]();
    await this.#reading;
  }

  async #read(): Promise<void> {
    let reason = "its session ended";
    try {
      for await (const line of this.#session.lines) this.#take(line);
    } catch (error) {
      reason = String(error);
    }
    const told = this.#open;
    this.#open = false;
    const failure = this.#gone();
    this.#ready.reject(failure);
    for (const { answer } of this.#pending.values()) answer.reject(failure);
    this.#pending.clear();
    if (told) this.#events.ended(this.#session.errors.at(-1) ?? reason);
  }

  #take(text: string): void {
    const line = decodeAgentLine(text);
    if (line === undefined) return;
    if (line.kind === "ready") return this.#ready.resolve();
    if (line.kind === "missing") {
      const message = `there is no \`${line.command}\` command: install perl-base`;
      return this.#ready.reject(new AppError(message, { kind: "invalid" }));
    }
    if (line.kind === "address-gone") {
      return this.#events.damaged(`address ${line.address} is gone`);
    }
    if (line.kind === "rules-changed") return this.#events.damaged(`rules changed ${line.reason}`);
    const pending = this.#pending.get(line.id);
    if (line.kind === "out") return void pending?.lines.push(line.text);
    this.#pending.delete(line.id);
    if (line.kind === "done") pending?.answer.resolve(pending.lines);
    else pending?.answer.reject(new AppError(line.message, { kind: "internal" }));
  }

  #gone(): AppError {
    const last = this.#session.errors.at(-1);
    return new AppError(`the node's session ended${last === undefined ? "" : `: ${last}`}`, {
      kind: "unavailable",
    });
  }
}

/** Turns the shell into the agent: the rest of its input is the agent's. */
function startScript(): string {
  return [
    "command -v perl >/dev/null || { echo missing perl; exit 1; }",
    `exec perl -e "$(cat <<'END_OF_BERTH'`,
    AGENT_SCRIPT,
    "END_OF_BERTH",
    ')"',
    "",
  ].join("\n");
}
