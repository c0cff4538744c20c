/** Two hosts and a client on one bridge, each a network namespace; all gone at the end of a scope. */
import { join } from "node:path";
import { run, runAnyway, until } from "./bed/mod.ts";

const NODE = join(import.meta.dirname ?? ".", "vrrp_node.ts");
const PORT = 8080;

/** One answer that the client got. */
export interface Answer {
  /** When it was asked, milliseconds since the epoch. */
  readonly at: number;
  readonly host: string;
}

/** The hosts of a lab. */
export const HOSTS = ["h1", "h2"] as const;

/** Name of a host. */
export type Host = typeof HOSTS[number];

/** The lab. Hosts are 10.99.0.11 and .12, the client is 10.99.0.20. */
export class VrrpLab implements AsyncDisposable {
  readonly folder: string;
  readonly #prefix: string;
  readonly #children: Deno.ChildProcess[] = [];

  constructor(prefix: string, folder: string) {
    this.#prefix = prefix;
    this.folder = folder;
  }

  /** Builds it; `prefix` keeps labs of several runs apart. */
  static async open(prefix: string): Promise<VrrpLab> {
    const lab = new VrrpLab(prefix, await Deno.makeTempDir({ prefix: "berth-vrrp-" }));
    await lab.#remove();
    await lab.#build();
    for (const host of HOSTS) lab.#node(host, ["answer", host, `${PORT}`]);
    return lab;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#children) {
      try {
        child.kill("SIGKILL");
      } catch {
        // it has ended
      }
      await child.status;
    }
    await this.#remove();
    await Deno.remove(this.folder, { recursive: true });
  }

  /** A program that is keepalived inside a host. */
  async keepalived(host: Host): Promise<string> {
    const path = `${this.folder}/keepalived-${host}`;
    const script = `#!/bin/sh\nexec ip netns exec ${this.#name(host)} keepalived "$@"\n`;
    await Deno.writeTextFile(path, script, { mode: 0o755 });
    return path;
  }

  /** The host's addresses. */
  async addresses(host: Host): Promise<readonly string[]> {
    const text = await run(["ip", "-n", this.#name(host), "-j", "addr"]);
    const links = JSON.parse(text) as readonly { addr_info: readonly { local: string }[] }[];
    return links.flatMap(({ addr_info }) => addr_info.map(({ local }) => local));
  }

  /** Waits until a host has an address, or has it no more; resolves to the time. */
  async holds(host: Host, address: string, wanted = true): Promise<number> {
    const check = async () => (await this.addresses(host)).includes(address) === wanted;
    await until(check, 20_000, `${host} ${wanted ? "lacks" : "keeps"} ${address}`);
    return Date.now();
  }

  /** Cuts a host off, as a power cut does for the others, or brings it back. */
  async cut(host: Host, off = true): Promise<void> {
    const port = ["dev", `p-${host}`, off ? "down" : "up"];
    await run(["ip", "-n", this.#name("br"), "link", "set", ...port]);
  }

  /** Asks an address from the client until disposed. */
  probe(address: string): Probe {
    return new Probe(this.#node("c", ["probe", address, `${PORT}`]));
  }

  #node(place: string, args: readonly string[]): Deno.ChildProcess {
    const deno = [Deno.execPath(), "run", "-A", "--no-check", NODE, ...args];
    const command = new Deno.Command("ip", {
      args: ["netns", "exec", this.#name(place), ...deno],
      stdin: "null",
      stdout: args[0] === "probe" ? "piped" : "null",
    });
    const child = command.spawn();
    this.#children.push(child);
    return child;
  }

  async #build(): Promise<void> {
    const br = this.#name("br");
    const steps = [`netns add ${br}`, `-n ${br} link add br0 type bridge`];
    steps.push(`-n ${br} link set br0 up`);
    for (const [host, last] of [["h1", 11], ["h2", 12], ["c", 20]] as const) {
      const name = this.#name(host);
      steps.push(
        `netns add ${name}`,
        `-n ${name} link set lo up`,
        `-n ${br} link add p-${host} type veth peer name eth0 netns ${name}`,
        `-n ${br} link set p-${host} master br0 up`,
        `-n ${name} link set eth0 up`,
        `-n ${name} addr add 10.99.0.${last}/24 dev eth0`,
      );
    }
    for (const step of steps) await run(["ip", ...step.split(" ")]);
    for (const host of HOSTS) {
      // else a host that lost the address would pass packets on to the other one
      const off = ["sysctl", "-qw", "net.ipv4.ip_forward=0"];
      await run(["ip", "netns", "exec", this.#name(host), ...off]);
    }
  }

  async #remove(): Promise<void> {
    for (const place of ["h1", "h2", "c", "br"]) {
      await runAnyway(["ip", "netns", "del", this.#name(place)]);
    }
  }

  #name(place: string): string {
    return `${this.#prefix}-${place}`;
  }
}

/** Who answered, and when. */
export class Probe implements AsyncDisposable {
  readonly answers: Answer[] = [];
  readonly #child: Deno.ChildProcess;
  readonly #reading: Promise<void>;

  constructor(child: Deno.ChildProcess) {
    this.#child = child;
    this.#reading = this.#read();
  }

  /** The first answer that was asked for after a moment, of one host if given. */
  async answered(after: number, host?: Host): Promise<Answer> {
    const find = () =>
      this.answers.find((one) => one.at >= after && (host === undefined || one.host === host));
    const who = host ?? "nobody";
    await until(() => Promise.resolve(find() !== undefined), 20_000, `no answer (${who})`);
    return find() ?? { at: 0, host: "" };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#child.status;
    await this.#reading;
  }

  async #read(): Promise<void> {
    let rest = "";
    for await (const chunk of this.#child.stdout.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        const [at, host = ""] = line.split(" ");
        this.answers.push({ at: Number(at), host });
      }
    }
  }
}
