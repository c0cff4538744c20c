/**
 * A network namespace on a subnet of its own, routed to the engine network: some tests take any
 * client inside the nodes' /16 for a masqueraded one.
 */
import { run, runAnyway } from "../bed/mod.ts";

/** Two runs at a time must not share a subnet: the name chooses one of 250. */
function subnetOf(name: string): string {
  const sum = [...name].reduce((total, letter) => total * 31 + letter.charCodeAt(0), 7);
  return `10.77.${sum % 250}`;
}

/** The namespace. Gone at the end of its scope. */
export class ClientNetwork implements AsyncDisposable {
  readonly #name: string;
  readonly #host: string;
  readonly #client: string;

  /** Names a namespace (at most 15 characters, the name is an interface's too); see `open`. */
  constructor(name: string) {
    this.#name = name;
    this.#host = `${subnetOf(name)}.1`;
    this.#client = `${subnetOf(name)}.2`;
  }

  /** Makes the namespace. */
  static async open(name: string): Promise<ClientNetwork> {
    const network = new ClientNetwork(name);
    await network.#remove();
    try {
      await network.#make();
    } catch (error) {
      await network.#remove();
      throw error;
    }
    return network;
  }

  /** The start of a command line that runs a program inside. */
  get enter(): readonly ["ip", ...string[]] {
    return ["ip", "netns", "exec", this.#name];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#remove();
  }

  async #make(): Promise<void> {
    const name = this.#name;
    const inside = (...args: string[]) => run(["ip", "-n", name, ...args]);
    await run(["ip", "netns", "add", name]);
    const pair = ["type", "veth", "peer", "name", "eth0", "netns", name];
    await run(["ip", "link", "add", name, ...pair]);
    await run(["ip", "addr", "add", `${this.#host}/30`, "dev", name]);
    await run(["ip", "link", "set", name, "up"]);
    await inside("addr", "add", `${this.#client}/30`, "dev", "eth0");
    await inside("link", "set", "eth0", "up");
    await inside("link", "set", "lo", "up");
    await inside("route", "add", "default", "via", this.#host);
    await run(["sysctl", "-q", "-w", "net.ipv4.ip_forward=1"]);
    // The engine drops forwarded traffic that it does not know; this chain is left to people.
    for (const direction of ["-i", "-o"]) {
      await run(["iptables", "-w", "-I", "DOCKER-USER", direction, name, "-j", "ACCEPT"]);
    }
  }

  async #remove(): Promise<void> {
    const name = this.#name;
    for (const direction of ["-i", "-o"]) {
      const rule = ["DOCKER-USER", direction, name, "-j", "ACCEPT"];
      while ((await runAnyway(["iptables", "-w", "-D", ...rule])).code === 0);
    }
    await runAnyway(["ip", "link", "del", name]);
    await runAnyway(["ip", "netns", "del", name]);
  }
}
