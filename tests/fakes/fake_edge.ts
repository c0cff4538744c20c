import { hash32 } from "../../lib/core/mod.ts";
import { FakeEngine } from "./fake_engine.ts";
import { readBlock } from "./fake_node.ts";
import type { Program, ProgramOutput } from "./fake_session.ts";

interface Answer {
  readonly lines?: readonly string[];
  readonly problem?: string | undefined;
}

/**
 * An engine with one kind node, in which the edge of the Envoy plane can be made: the agent's
 * protocol over files, addresses and routes in memory, and an Envoy that takes every file at once
 * unless it holds {@link poison}.
 */
export class FakeEdge {
  readonly engine: FakeEngine;
  readonly cluster: string;
  readonly files = new Map<string, string>();
  readonly folders = new Set<string>();
  readonly addresses = new Set<string>();
  readonly announced: string[] = [];
  /** Addresses as they were brought, those of one step together. */
  readonly batches: (readonly string[])[] = [];
  /** An address that the device does not take. */
  unwanted = "";
  /** Destination → gateway. */
  readonly routes = new Map<string, string>();
  /** Paths that were written, in order. */
  readonly written: string[] = [];
  poison = "poison";
  /** Proxies do not answer. */
  silent = false;
  /** Proxies answer, but take no file. */
  idle = false;
  /** Open connections that every proxy tells. */
  connections = 0;
  readonly #versions = new Map<string, string>();
  readonly #rejected = new Map<string, number>();
  #container = "";

  constructor(cluster = "c") {
    this.cluster = cluster;
    const program: Program = (input, output) => this.#serve(input, output);
    this.engine = new FakeEngine({ program });
    this.engine.images.add("node:1");
    this.engine.addNetwork({ name: "kind", subnets: ["172.18.0.0/16"], ranges: [], gateways: [] });
    this.engine.run({
      name: `${cluster}-control-plane`,
      labels: { "io.x-k8s.kind.cluster": cluster },
      networks: { kind: {} },
      image: "node:1",
    });
  }

  /** Names of the containers that berth made, sorted. */
  async made(): Promise<readonly string[]> {
    const found = await this.engine.containers({ labels: ["berth.dev/owner"] });
    return found.map(({ name }) => name).toSorted();
  }

  /** Names of the containers that run. */
  async running(): Promise<readonly string[]> {
    const found = await this.engine.containers({ labels: ["berth.dev/owner"] });
    return found.filter(({ running }) => running).map(({ name }) => name).toSorted();
  }

  /** The content of a file of the proxy that has a key. */
  fileOf(key: string, name: string): string | undefined {
    for (const [path, content] of this.files) {
      if (!path.endsWith("/state.json") || JSON.parse(content).key !== key) continue;
      return this.files.get(path.replace("state.json", `config/${name}`));
    }
    return undefined;
  }

  async #serve(input: AsyncIterable<string>, output: ProgramOutput): Promise<void> {
    await this.#renew();
    let text = "";
    for await (const line of input) {
      if (line === "END_OF_BERTH") output.stdout("ready\n");
      text += `${line}\n`;
      const start = text.search(/^block \d+ \d+$/m);
      const block = start < 0 ? undefined : readBlock(text.slice(start));
      if (block === undefined) continue;
      text = "";
      const { id, steps } = block;
      const failure = await this.#run(steps, (one) => output.stdout(`out ${id} ${one}\n`));
      output.stdout(failure === undefined ? `done ${id}\n` : `fail ${id} ${failure}\n`);
    }
  }

  async #run(
    steps: readonly { readonly verb: string; readonly text: string }[],
    say: (line: string) => void,
  ): Promise<string | undefined> {
    for (const { verb, text } of steps) {
      const { lines = [], problem } = await this.#step(verb, text);
      lines.forEach(say);
      if (problem !== undefined) return `${verb}: ${problem}`;
    }
    return undefined;
  }

  /** Another container has another network and, the volume being in memory, no files. */
  async #renew(): Promise<void> {
    const [edge] = await this.engine.containers({ labels: ["berth.dev/role=edge"] });
    const id = edge?.id ?? "";
    if (id === this.#container) return;
    this.#container = id;
    for (const held of [this.files, this.folders, this.addresses, this.routes]) held.clear();
  }

  async #step(verb: string, text: string): Promise<Answer> {
    if (verb === "ask") return this.#ask(text);
    if (verb === "write") return this.#write(text);
    if (verb === "get") return await this.#get(text);
    const entries = text.split("\n").filter((line) => line !== "");
    if (verb === "add") {
      const addresses = entries.map((entry) => entry.split(" ")[0] ?? "");
      if (addresses.includes(this.unwanted)) return { problem: "RTNETLINK answers: Invalid" };
      this.batches.push(addresses);
    }
    for (const entry of entries) {
      const [address = ""] = entry.split(" ");
      if (verb === "add") this.addresses.add(address);
      if (verb === "drop") this.addresses.delete(address);
      if (verb === "announce") this.announced.push(...entry.split(" ").slice(1));
    }
    return {};
  }

  #ask(text: string): Answer {
    for (const [, verb, to = "", via = ""] of text.matchAll(ROUTE)) {
      if (verb === "replace") this.routes.set(to, via);
      else this.routes.delete(to);
    }
    const taken = /^mkdir (\S+\/taken)$/.exec(text)?.[1];
    if (taken !== undefined) {
      if (this.folders.has(taken)) return { problem: "File exists" };
      this.folders.add(taken);
    }
    const removed = /^rm -r?f (.*?)(?: &&|$)/.exec(text)?.[1]?.split(" ") ?? [];
    for (const path of removed) this.#remove(path.replace(/\*$/, ""));
    const marker = /echo yes > (\S+)/.exec(text)?.[1];
    if (marker !== undefined) this.files.set(marker, "yes");
    if (text.startsWith("ip -o address")) {
      return {
        lines: [...this.addresses].map((one) => `2: eth0    inet ${one}/32 scope global eth0`),
      };
    }
    const shown = /^cat (\S+)/.exec(text)?.[1];
    return shown === undefined ? {} : { lines: this.#contents(shown) };
  }

  #remove(path: string): void {
    for (const one of this.files.keys()) {
      if (one === path || one.startsWith(path.endsWith("/") ? path : `${path}/`)) {
        this.files.delete(one);
      }
    }
  }

  #contents(pattern: string): readonly string[] {
    const [before = "", after = ""] = pattern.split("*");
    return [...this.files].filter(([path]) =>
      pattern.includes("*") ? path.startsWith(before) && path.endsWith(after) : path === pattern
    ).map(([, content]) => content.trimEnd());
  }

  #write(text: string): Answer {
    const at = text.indexOf("\n");
    const [path = ""] = text.slice(0, at).split(" ");
    const content = text.slice(at + 1);
    this.files.set(path, content);
    this.written.push(path);
    const root = ROOTS[path.split("/").at(-1) ?? ""];
    if (root === undefined || this.idle) return {};
    const stat = `${path.split("/config/")[0]} ${root}`;
    if (content.includes(this.poison)) {
      this.#rejected.set(stat, (this.#rejected.get(stat) ?? 0) + 1);
    } else {
      this.#versions.set(stat, JSON.parse(content).version_info);
    }
    return {};
  }

  async #get(text: string): Promise<Answer> {
    const [socket = "", target = ""] = text.split(" ");
    const root = socket.replace("/run/admin.sock", "");
    const labels = [`berth.dev/proxy=${root.split("/").at(-1)}`];
    const [proxy] = await this.engine.containers({ labels });
    if (this.silent || proxy?.running !== true) return { problem: `${socket}: refused` };
    if (target === "/ready") return { lines: ["LIVE"] };
    if (target.startsWith("/config_dump")) return { lines: this.#dump(root) };
    if (target.includes("cx_active")) {
      return { lines: [`listener.x.downstream_cx_active: ${this.connections}`] };
    }
    return {
      lines: Object.values(ROOTS).flatMap((name) => [
        `${name}.version_text: "${this.#versions.get(`${root} ${name}`) ?? ""}"`,
        `${name}.update_rejected: ${this.#rejected.get(`${root} ${name}`) ?? 0}`,
      ]),
    };
  }

  #dump(root: string): readonly string[] {
    const content = this.files.get(`${root}/config/lds.json`) ?? "{}";
    const listeners = (JSON.parse(content).resources ?? []) as readonly { name: string }[];
    const refused = content.includes(this.poison);
    return [JSON.stringify({
      hash: hash32(content),
      configs: listeners.map(({ name }) => ({
        name,
        private_key: { inline_bytes: "secret" },
        ...(refused ? { error_state: { details: `refused ${name}` } } : {}),
      })),
    })];
  }
}

const ROUTE = /ip -[46] route (replace|del) (\S+) via (\S+)/g;

const ROOTS: Readonly<Record<string, string>> = {
  "lds.json": "listener_manager.lds",
  "cds.json": "cluster_manager.cds",
};
