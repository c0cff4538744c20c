import type { ContainerSession } from "../../lib/runtime/types.ts";
import { FakeNft } from "./fake_nft.ts";
import { FakeSession, type Program, type ProgramOutput } from "./fake_session.ts";

/** What a fake node is like. */
export interface FakeNodeOptions {
  readonly ipv4?: string;
  readonly ipv6?: string;
  readonly mac?: string;
  readonly forwards?: boolean;
  readonly hasNft?: boolean;
}

interface Step {
  readonly verb: string;
  readonly text: string;
}

/** A node's network in memory, behind sessions that speak the agent's protocol. */
export class FakeNode {
  readonly nft = new FakeNft();
  /** Single addresses on the device. */
  readonly addresses = new Set<string>();
  /** Payloads of `flows` steps. */
  readonly forgotten: string[] = [];
  /** Payloads of `announce` steps. */
  readonly announced: string[] = [];
  /** How many blocks changed rules. */
  transactions = 0;
  isUp = true;
  /** What the next session finds. */
  hasNft: boolean;
  /** Refuses rules whose text has this in it. */
  poison: string | undefined;
  readonly #options: FakeNodeOptions;
  readonly #sessions = new Map<FakeSession, ProgramOutput>();
  #gate: PromiseWithResolvers<void> | undefined;

  constructor(options: FakeNodeOptions = {}) {
    this.#options = options;
    this.hasNft = options.hasNft ?? true;
  }

  /** Sessions that are open now. */
  get sessions(): number {
    return this.#sessions.size;
  }

  open(container = "fake"): Promise<ContainerSession> {
    if (!this.isUp) return Promise.reject(new Error(`container ${container} is not running`));
    const program: Program = async (input, output) => {
      // the session starts its program before it is itself complete
      await Promise.resolve();
      await this.#serve(session, { input, output });
    };
    const session: FakeSession = new FakeSession(program, { container, command: ["bash"] });
    return Promise.resolve(session);
  }

  /** The node dies: sessions end, rules and addresses are gone. */
  kill(): void {
    this.isUp = false;
    this.nft.apply(this.nft.tables.map((table) => `delete table ${table}`).join("\n"));
    this.addresses.clear();
    this.endSessions();
  }

  /** Sessions end, the node lives on. */
  endSessions(): void {
    for (const session of this.#sessions.keys()) session.close();
  }

  /** Says something to all sessions, as the agent does when somebody else changes things. */
  tell(line: string): void {
    for (const output of this.#sessions.values()) output.stdout(`${line}\n`);
  }

  /** Blocks wait from now on. */
  pause(): void {
    this.#gate = Promise.withResolvers();
  }

  resume(): void {
    this.#gate?.resolve();
    this.#gate = undefined;
  }

  async #serve(
    session: FakeSession,
    { input, output }: { readonly input: AsyncIterable<string>; readonly output: ProgramOutput },
  ): Promise<void> {
    this.#sessions.set(session, output);
    let text = "";
    for await (const line of input) {
      if (line === "END_OF_BERTH") output.stdout("ready\n");
      text += `${line}\n`;
      const start = text.search(/^block \d+ \d+$/m);
      const block = start < 0 ? undefined : readBlock(text.slice(start));
      if (block === undefined) continue;
      text = "";
      await this.#gate?.promise;
      if (this.isUp) this.#run(block, output);
    }
    this.#sessions.delete(session);
  }

  #run({ id, steps }: Block, output: ProgramOutput): void {
    for (const { verb, text } of steps) {
      const { lines = [], problem } = this.#step(verb, text);
      for (const line of lines) output.stdout(`out ${id} ${line}\n`);
      if (problem !== undefined) return output.stdout(`fail ${id} ${verb}: ${problem}\n`);
    }
    output.stdout(`done ${id}\n`);
  }

  #step(
    verb: string,
    text: string,
  ): { readonly lines?: readonly string[]; readonly problem?: string | undefined } {
    const entries = text.split("\n").filter((line) => line !== "");
    if (verb === "nft") return { problem: this.#rules(text) };
    if (verb === "ask") return { lines: this.#probe() };
    for (const entry of entries) {
      const [address = ""] = entry.split(" ");
      if (verb === "add") this.addresses.add(address);
      if (verb === "drop") this.addresses.delete(address);
      if (verb === "flows") this.forgotten.push(entry);
      if (verb === "announce") this.announced.push(entry);
    }
    return {};
  }

  #rules(text: string): string | undefined {
    this.transactions++;
    if (this.poison !== undefined && text.includes(this.poison)) return "Error: poisoned";
    return this.nft.apply(text);
  }

  #probe(): readonly string[] {
    const { forwards = true } = this.#options;
    if (!this.hasNft) return ["missing nft"];
    const tables = ["inet berth", "netdev berth"].flatMap((name) => this.nft.json(name) ?? []);
    return [
      "device eth0",
      `addresses ${JSON.stringify([this.#link()])}`,
      ...(forwards ? ["forwards yes"] : []),
      ...tables.map((table) => `table ${table}`),
    ];
  }

  #link(): unknown {
    const { ipv4 = "172.18.0.2", ipv6, mac = "02:42:ac:12:00:02" } = this.#options;
    const entry = (local: string, isSingle: boolean) => {
      const family = local.includes(":") ? "inet6" : "inet";
      const prefixlen = family === "inet" ? (isSingle ? 32 : 16) : (isSingle ? 128 : 64);
      return { family, local, prefixlen, scope: "global" };
    };
    const own = [ipv4, ...(ipv6 === undefined ? [] : [ipv6])].map((one) => entry(one, false));
    const singles = [...this.addresses].map((one) => entry(one, true));
    return { ifname: "eth0", address: mac, addr_info: [...own, ...singles] };
  }
}

/** A block of the agent's protocol. */
export interface Block {
  readonly id: string;
  readonly steps: readonly Step[];
}

/** Takes a whole block off a text that begins with one; undefined while it is not whole. */
export function readBlock(text: string): Block | undefined {
  const [head = "", id = "", count = ""] = /^block (\d+) (\d+)\n/.exec(text) ?? [];
  let rest = text.slice(head.length);
  const steps: Step[] = [];
  for (let i = 0; i < Number(count); i++) {
    const [line, verb = "", size = ""] = /^(\w+) (\d+)\n/.exec(rest) ?? [];
    if (line === undefined || rest.length < line.length + Number(size)) return undefined;
    steps.push({ verb, text: rest.slice(line.length, line.length + Number(size)) });
    rest = rest.slice(line.length + Number(size));
  }
  return rest === "" ? undefined : { id, steps };
}
