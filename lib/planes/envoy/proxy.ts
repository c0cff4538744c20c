import { AppError, type Clock, errorKind } from "../../core/mod.ts";
import type { ContainerEngine, ContainerPlan, PublishPlan } from "../../runtime/types.ts";
import type { RouteSpec } from "../../proxy/types.ts";
import type { Step } from "../agent/mod.ts";
import { bootstrap, type EnvoyFile } from "./config/mod.ts";
import { readStats } from "./confirmation.ts";
import type { Edge, EdgeLink } from "./edge.ts";
import { envoyCommand } from "./image.ts";
import { handover } from "./handover.ts";
import type { LogKeeper } from "./log_keeper.ts";
import {
  EDGE_LABEL,
  ENVOY_GROUP,
  labelsOf,
  PORTS_LABEL,
  PROXY_LABEL,
  proxyUser,
  spareName,
} from "./names.ts";
import {
  ADMIN_SOCKET,
  CONFIG_DIRECTORY,
  type ProxyPaths,
  proxyPaths,
  RUN_DIRECTORY,
} from "./paths.ts";
import { type Patience, ProxyAdmin } from "./proxy_admin.ts";
import { fileVersions, proxyFiles } from "./proxy_files.ts";
import { encodeState } from "./state.ts";

/** Most bytes of one proxy's memory: what its heap may grow to, and the program itself. */
const MEMORY_BYTES = 384 << 20;
const HEAP_BYTES = 256 << 20;

/** Milliseconds that Envoy may take to start, and to take a change. */
const START_MS = 10_000;
const CONFIRM_MS = 10_000;

/** Milliseconds that a turn of a change waits for the one before it, at most. */
const TURN_MS = 1_000;

/** What every proxy of a cluster shares. */
export interface ProxyOptions {
  readonly cluster: string;
  readonly engine: ContainerEngine;
  readonly clock: Clock;
  readonly edge: Edge;
  readonly image: string;
  readonly threads: number;
  readonly logs: LogKeeper;
}

/** What came of a change. */
export interface Applied {
  /** Files that Envoy does not take. */
  readonly refused: readonly EnvoyFile[];
  /** Nothing had to be written. */
  readonly unchanged: boolean;
}

/** Ports that a proxy's container publishes on the host. */
export interface Published {
  readonly ports: readonly PublishPlan[];
  /** The ports as a label tells them. */
  readonly text: string;
}

/** One Envoy: its directory in the edge, and its container. */
export class Proxy {
  readonly id: string;
  readonly paths: ProxyPaths;
  readonly #options: ProxyOptions;
  readonly #published: Published | undefined;
  readonly #admin: ProxyAdmin;
  #key = "";
  #addresses: readonly string[] = [];
  /** File → version, as {@link fileVersions} has them. */
  #files: Readonly<Record<string, string>> = {};
  #container: string | undefined;
  /** Content of `cds.json`, where it was written by us. */
  #clusters: string | undefined;

  /** With `published`, its container has a network of its own instead of the edge's. */
  constructor(id: string, options: ProxyOptions, published?: Published) {
    this.id = id;
    this.#published = published;
    this.paths = proxyPaths(id);
    this.#options = options;
    const { edge, clock } = options;
    this.#admin = new ProxyAdmin({ edge, clock, socket: this.paths.admin });
  }

  /** What it serves; empty: it is a spare. */
  get key(): string {
    return this.#key;
  }

  get addresses(): readonly string[] {
    return this.#addresses;
  }

  get container(): string | undefined {
    return this.#container;
  }

  /** Takes over what was found after a restart. */
  adopt(
    state: {
      readonly key: string;
      readonly addresses: readonly string[];
      readonly files: Readonly<Record<string, string>>;
    },
    container: string | undefined,
  ): void {
    this.#key = state.key;
    this.#addresses = state.addresses;
    this.#files = state.files;
    this.#container = container;
  }

  /** The edge is new: directory and container are gone. */
  forget(): string | undefined {
    const container = this.#container;
    this.#container = undefined;
    this.#files = {};
    return container;
  }

  /**
   * Makes directory and container, and waits until Envoy runs: with what a key asks for at once,
   * or as a spare, with no listener.
   */
  async start(work?: { readonly name: string; readonly spec: RouteSpec }): Promise<void> {
    const { edge } = this.#options;
    if (work !== undefined) this.#key = work.spec.key;
    const files = proxyFiles(work?.spec ?? emptySpec(""));
    this.#clusters = files.find(({ kind }) => kind === "cds")?.content;
    await edge.run([
      { verb: "ask", text: this.#directories() },
      this.#file("bootstrap.json", this.#bootstrap()),
      ...files.map((file) => this.#file(file.name, file.content, file.secret)),
      this.#state(),
    ]);
    await this.startContainer(work?.name);
    if (work === undefined) return;
    const { signal } = new AbortController();
    // what was refused is written once more by the next change, which tells of it
    const refused = await this.#confirmed(files, { before: new Map(), signal, ms: CONFIRM_MS });
    this.#files = fileVersions(files, refused);
    this.#addresses = work.spec.addresses;
    await edge.run([this.#state()]);
  }

  /** Makes the container once more; the directory is there. */
  async startContainer(name = spareName(this.#options.cluster, this.id)): Promise<void> {
    const { engine } = this.#options;
    this.#container = await this.#createContainer(name).catch((error) => {
      // its predecessor is still being removed
      if (errorKind(error) !== "conflict") throw error;
      return this.#createContainer(`${name}-${this.id}`);
    });
    await engine.startContainer(this.#container);
    await this.#ready();
  }

  /** Removes the container and keeps the directory. */
  async discardContainer(): Promise<void> {
    const container = this.#container;
    this.#container = undefined;
    if (container !== undefined) await this.#options.logs.remove(container, this.id);
  }

  /** Starts the container that ended. */
  async restart(): Promise<void> {
    if (this.#container === undefined) return await this.startContainer();
    await this.#options.logs.keep(this.id);
    await this.#options.engine.startContainer(this.#container);
    await this.#ready();
  }

  /** Takes the spare for this worker alone; false when another one has it. */
  async take(): Promise<boolean> {
    const step = { verb: "ask", text: `mkdir ${this.paths.root}/taken` } as const;
    return await this.#options.edge.run([step]).then(() => true, () => false);
  }

  /** Binds the proxy to a key, before anything is served for it. */
  async claim(key: string, name: string): Promise<void> {
    const { edge, engine } = this.#options;
    this.#key = key;
    const container = this.#container;
    const renamed = container === undefined ? undefined : engine.renameContainer(container, name)
      .catch((error) => {
        // its predecessor is still being removed
        if (errorKind(error) !== "conflict") throw error;
        return engine.renameContainer(container, `${name}-${this.id}`);
      });
    await Promise.all([edge.run([this.#state()]), renamed]);
  }

  /** Serves exactly `spec`; resolves when Envoy said what it took. */
  async apply(spec: RouteSpec, signal: AbortSignal): Promise<Applied> {
    const { edge } = this.#options;
    const files = proxyFiles(spec);
    const changed = files.filter(({ name, version }) => this.#files[name] !== version);
    const names = new Set(files.map(({ name }) => name));
    const stale = Object.keys(this.#files).filter((name) => !names.has(name));
    this.#addresses = spec.addresses;
    if (changed.length === 0 && stale.length === 0) return { refused: [], unchanged: true };
    const refused = await this.#write(changed, signal);
    const dropped = stale.map((name) => `${this.paths.config}/${name}`);
    this.#files = fileVersions(files, refused);
    await edge.run([
      ...(dropped.length === 0
        ? []
        : [{ verb: "ask", text: `rm -f ${dropped.join(" ")}` } as const]),
      this.#state(),
    ]);
    return { refused, unchanged: false };
  }

  /** Writes files in their turns; those that Envoy does not take. */
  async #write(files: readonly EnvoyFile[], signal: AbortSignal): Promise<readonly EnvoyFile[]> {
    const { edge, clock } = this.#options;
    const [first = [], ...others] = handover(files, await this.#clustersFile());
    // noted first: whatever becomes of this change, what it overwrites is in doubt
    this.#files = { ...this.#files, ...fileVersions(files, files) };
    const end = clock.now() + CONFIRM_MS;
    const start = [this.#admin.statsStep, this.#state(), ...this.#turn(first)];
    const before = readStats(await edge.run(start));
    let last = first;
    for (const turn of others) {
      // something that was stuck before must not keep the rest of its change away
      await this.#admin.verdict(last, { before, signal, ms: TURN_MS });
      await edge.run(this.#turn(turn));
      last = turn;
    }
    return await this.#confirmed(files, { before, signal, ms: end - clock.now() });
  }

  #turn(files: readonly EnvoyFile[]): readonly Step[] {
    this.#clusters = files.find(({ kind }) => kind === "cds")?.content ?? this.#clusters;
    return files.map((file) => this.#file(file.name, file.content, file.secret));
  }

  /** What `cds.json` holds; a berth before this one may have written it. */
  async #clustersFile(): Promise<string> {
    if (this.#clusters !== undefined) return this.#clusters;
    const text = `cat ${this.paths.config}/cds.json 2>/dev/null || true`;
    return (await this.#options.edge.run([{ verb: "ask", text }])).join("");
  }

  /** What the administration interface answers, parsed. */
  async admin(path: string): Promise<unknown> {
    return JSON.parse((await this.#admin.get(path)).join("\n"));
  }

  /** Open connections of clients. */
  async connections(): Promise<number> {
    return await this.#admin.connections();
  }

  /** Removes directory and container; the container may take its time. */
  async remove(): Promise<void> {
    const { edge, logs } = this.#options;
    const container = this.#container;
    try {
      await edge.run([{ verb: "ask", text: `rm -rf ${this.paths.root}` }]);
    } finally {
      if (container !== undefined) await logs.remove(container, this.id);
    }
  }

  async #createContainer(name: string): Promise<string> {
    const { engine, edge, image, threads } = this.#options;
    const link = await edge.open();
    const host = proxyPaths(this.id, link.mountpoint);
    const place = this.#place(link);
    return await engine.createContainer({
      name,
      image,
      labels: { [PROXY_LABEL]: this.id, [EDGE_LABEL]: link.container, ...place.labels },
      command: envoyCommand(CONFIG_DIRECTORY, { threads }),
      user: `${proxyUser(this.id)}:${ENVOY_GROUP}`,
      ...place.plan,
      mounts: [
        { kind: "bind", source: host.config, target: CONFIG_DIRECTORY, readOnly: true },
        { kind: "bind", source: host.run, target: RUN_DIRECTORY },
      ],
      memoryBytes: MEMORY_BYTES,
      restartsOnFailure: true,
    });
  }

  #place({ container, network }: EdgeLink): {
    readonly labels: Readonly<Record<string, string>>;
    readonly plan: Pick<ContainerPlan, "network" | "publish" | "sysctls">;
  } {
    const { cluster } = this.#options;
    const published = this.#published;
    if (published === undefined) {
      const plan = { network: { kind: "joined", container } } as const;
      return { labels: labelsOf(cluster, "proxy"), plan };
    }
    return {
      labels: { ...labelsOf(cluster, "publisher"), [PORTS_LABEL]: published.text },
      plan: {
        network: { kind: "own", name: network },
        publish: published.ports,
        sysctls: { "net.ipv4.ip_unprivileged_port_start": "0" },
      },
    };
  }

  async #ready(): Promise<void> {
    if (await this.#admin.ready(START_MS)) return;
    throw new AppError(
      `proxy ${this.id} did not start within ${START_MS / 1000} s: look at the container's log`,
      { kind: "timeout" },
    );
  }

  async #confirmed(
    files: readonly EnvoyFile[],
    patience: Patience,
  ): Promise<readonly EnvoyFile[]> {
    const refused = await this.#admin.verdict(files, patience);
    if (refused !== undefined) return refused;
    throw new AppError(
      `change of ${this.#key} was not taken by its Envoy within ${CONFIRM_MS / 1000} s`,
      { kind: "timeout" },
    );
  }

  #directories(): string {
    const { root, config, run } = this.paths;
    return [
      `mkdir -m 0750 -p ${root} ${config} && mkdir -m 0770 -p ${run}`,
      `chgrp ${ENVOY_GROUP} ${root} ${config} ${run}`,
      `chmod 0770 ${run}`,
    ].join(" && ");
  }

  #bootstrap(): string {
    return bootstrap({
      id: `${this.#options.cluster}/${this.id}`,
      directory: CONFIG_DIRECTORY,
      adminSocket: ADMIN_SOCKET,
      maxHeapBytes: HEAP_BYTES,
    });
  }

  /** Keys belong to the one user that needs them. */
  #file(name: string, content: string, secret = false): Step {
    const owner = secret ? `0600 ${proxyUser(this.id)}` : "0640 -1";
    const head = `${this.paths.config}/${name} ${owner}:${ENVOY_GROUP}`;
    return { verb: "write", text: `${head}\n${ascii(content)}` };
  }

  #state(): Step {
    const { id, key, addresses, files } = {
      id: this.id,
      key: this.#key,
      addresses: this.#addresses,
      files: this.#files,
    };
    const head = `${this.paths.state} 0600 -1:0`;
    return { verb: "write", text: `${head}\n${ascii(encodeState({ id, key, addresses, files }))}` };
  }
}

/** A spec that listens nowhere. */
export function emptySpec(key: string): RouteSpec {
  return { key, addresses: [], ports: [], backends: [], certificates: [], authorities: [] };
}

/** The agent's protocol counts bytes; JSON may name every other letter. */
function ascii(json: string): string {
  return json.replace(
    /[\u0080-\uffff]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
