import { getLogger } from "@logtape/logtape";
import { checkProblem, type CheckResult } from "../../keepalived/mod.ts";

const log = getLogger(["berth", "keepalived"]);

/** keepalived and its file, as the keeper uses them. */
export interface ConfPorts {
  /** The file that keepalived reads; undefined when there is none. */
  current(): Promise<string | undefined>;
  /** Writes a file beside it. */
  stage(text: string): Promise<void>;
  /** Has keepalived check the staged file. */
  check(): Promise<CheckResult>;
  /** Puts the staged file in the place of the other, in one step. */
  adopt(): Promise<void>;
  /** Makes keepalived read its file; starts it where it is ours to start. */
  reload(): Promise<void>;
}

/** What became of a text. */
export type Kept =
  | { readonly kind: "same" | "adopted" }
  /** The old file stays. */
  | { readonly kind: "refused"; readonly problem: string };

/** Keeps keepalived in step with a text, never with one that keepalived refuses. */
export class ConfKeeper {
  readonly #ports: ConfPorts;
  /** A file was adopted, or found, that keepalived was not told of. */
  #reloadDue = true;

  constructor(ports: ConfPorts) {
    this.#ports = ports;
  }

  /** keepalived is to run with this text. */
  async keep(text: string): Promise<Kept> {
    if (await this.#ports.current() !== text) {
      await this.#ports.stage(text);
      const problem = checkProblem(await this.#ports.check());
      if (problem !== undefined) {
        log.error("the old configuration stays", { problem });
        return { kind: "refused", problem };
      }
      await this.#ports.adopt();
      this.#reloadDue = true;
    }
    if (!this.#reloadDue) return { kind: "same" };
    await this.#ports.reload();
    this.#reloadDue = false;
    return { kind: "adopted" };
  }
}
