import { AppError } from "../../lib/core/mod.ts";
import type {
  Container,
  ContainerEngine,
  ContainerPlan,
  ContainerSession,
  EngineEvent,
  HostPort,
  LogLimits,
  Network,
  NetworkAddresses,
  PublishPlan,
  Volume,
  VolumePlan,
} from "../../lib/runtime/types.ts";
import { FakeSession, fakeShell, type Program } from "./fake_session.ts";

/** A container to create. */
export interface ContainerSpec {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** Networks with the address that each start takes; `{}` takes the next free one. */
  readonly networks?: Readonly<Record<string, NetworkAddresses>>;
  readonly ports?: Readonly<Record<string, HostPort>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly image?: string;
  /** What its program writes, each time that it starts. */
  readonly prints?: string;
}

interface FakeContainer extends Omit<Required<ContainerSpec>, "name" | "ports"> {
  readonly id: string;
  name: string;
  log: string;
  running: boolean;
  ports: Readonly<Record<string, HostPort>>;
  /** What the container was made of, when berth made it. */
  readonly plan?: ContainerPlan;
  addresses: Readonly<Record<string, NetworkAddresses>>;
  readonly writable: Map<string, string>;
  readonly sessions: Set<FakeSession>;
}

type Listener = (event: EngineEvent) => void;

/**
 * An engine in memory, as far as berth looks at one.
 *
 * It lies in these points: addresses are handed out upwards and never again, commands are run by
 * `program`, nothing takes time, and a listing knows of a death at once (Docker's lags 100 ms behind
 * the event).
 */
export class FakeEngine implements ContainerEngine {
  /** When set, every call but `events` rejects with it. */
  failure: Error | undefined;
  /** A call that rejects. */
  unable = "";
  readonly calls: string[] = [];
  /** References of the images that are there. */
  readonly images = new Set<string>();
  readonly #program: Program;
  readonly #containers = new Map<string, FakeContainer>();
  readonly #networks = new Map<string, Network>();
  readonly #volumes = new Map<string, Volume>();
  readonly #listeners = new Set<Listener>();
  readonly #closed = new AbortController();
  #count = 0;

  constructor({ program = fakeShell }: { readonly program?: Program } = {}) {
    this.#program = program;
  }

  addNetwork(network: Omit<Network, "id">): void {
    this.#networks.set(network.name, { ...network, id: this.#id() });
  }

  /** Creates a stopped container and tells its id. */
  create(spec: ContainerSpec, plan?: ContainerPlan): string {
    const id = this.#id();
    const { labels = {}, networks = {}, ports = {}, files = {}, image = "", prints = "" } = spec;
    const writable = new Map(Object.entries(files));
    const made = plan === undefined ? {} : { plan };
    const plain = { name: spec.name, labels, networks, ports, files, image, prints, ...made };
    const state = { id, running: false, log: "", addresses: {}, writable };
    const container: FakeContainer = { ...plain, ...state, sessions: new Set<FakeSession>() };
    this.#containers.set(id, container);
    this.#tell(container, "create");
    return id;
  }

  start(name: string): void {
    const container = this.#find(name);
    container.running = true;
    container.log += container.prints;
    container.addresses = Object.fromEntries(
      Object.entries(container.networks).map(([network, wanted]) => [network, this.#lease(wanted)]),
    );
    for (const network of Object.keys(container.networks)) {
      this.#emit({ kind: "network", action: "connect", network, container: container.id });
    }
    this.#tell(container, "start");
  }

  stop(name: string): void {
    const container = this.#find(name);
    if (!container.running) return;
    container.running = false;
    for (const session of container.sessions) session.close();
    container.sessions.clear();
    this.#tell(container, "die");
    for (const network of Object.keys(container.networks)) {
      this.#emit({ kind: "network", action: "disconnect", network, container: container.id });
    }
    container.addresses = {};
  }

  remove(name: string): void {
    this.stop(name);
    const container = this.#find(name);
    this.#containers.delete(container.id);
    this.#tell(container, "destroy");
  }

  createContainer(plan: ContainerPlan): Promise<string> {
    return this.#answer("createContainer", () => {
      if (!this.images.has(plan.image)) throw missing(`image ${plan.image}`);
      this.#claim(plan.name);
      const { name, labels, image, network } = plan;
      const networks = network.kind === "own" ? { [network.name]: {} } : {};
      return this.create({ name, labels, image, networks }, plan);
    });
  }

  startContainer(container: string): Promise<void> {
    return this.#answer("startContainer", () => {
      const found = this.#find(container);
      const { plan } = found;
      if (plan?.network.kind === "joined" && !this.#find(plan.network.container).running) {
        throw new AppError("the container that it joins does not run", { kind: "conflict" });
      }
      if (!found.running) this.start(found.id);
      found.ports = { ...found.ports, ...published(plan?.publish ?? [], () => ++this.#count) };
    });
  }

  stopContainer(container: string): Promise<void> {
    return this.#answer("stopContainer", () => this.stop(this.#find(container).id));
  }

  removeContainer(container: string): Promise<void> {
    return this.#answer("removeContainer", () => {
      if ([...this.#containers.values()].some((one) => isNamed(one, container))) {
        this.remove(container);
      }
    });
  }

  renameContainer(container: string, name: string): Promise<void> {
    return this.#answer("renameContainer", () => {
      const found = this.#find(container);
      this.#claim(name);
      found.name = name;
    });
  }

  createVolume({ name, labels }: VolumePlan): Promise<Volume> {
    return this.#answer("createVolume", () => {
      const volume = this.#volumes.get(name) ?? { name, labels, mountpoint: `/volumes/${name}` };
      this.#volumes.set(name, volume);
      return volume;
    });
  }

  volumes({ labels }: { readonly labels: readonly string[] }): Promise<readonly Volume[]> {
    return this.#answer(
      "volumes",
      () => [...this.#volumes.values()].filter((one) => hasLabels(one, labels)),
    );
  }

  removeVolume(name: string): Promise<void> {
    return this.#answer("removeVolume", () => {
      const users = [...this.#containers.values()].filter(({ plan }) =>
        plan?.mounts?.some(({ kind, source }) => kind === "volume" && source === name)
      );
      if (users.length > 0) throw new AppError(`volume ${name} is in use`, { kind: "conflict" });
      this.#volumes.delete(name);
    });
  }

  hasImage(reference: string): Promise<boolean> {
    return this.#answer("hasImage", () => this.images.has(reference));
  }

  pullImage(reference: string): Promise<void> {
    return this.#answer("pullImage", () => void this.images.add(reference));
  }

  /** What a container was made of; undefined for one that a test made by hand. */
  planOf(container: string): ContainerPlan | undefined {
    return this.#find(container).plan;
  }

  /** Creates and starts. */
  run(spec: ContainerSpec): string {
    const id = this.create(spec);
    this.start(id);
    return id;
  }

  has(name: string): boolean {
    return [...this.#containers.values()].some((one) => one.name === name || one.id === name);
  }

  writeFile(container: string, path: string, text: string): void {
    this.#find(container).writable.set(path, text);
  }

  /** A container's program writes to its output. */
  print(container: string, text: string): void {
    this.#find(container).log += text;
  }

  /** What a re-opened event stream tells. */
  resync(): void {
    this.#emit({ kind: "resync" });
  }

  containers({ labels }: { readonly labels: readonly string[] }): Promise<readonly Container[]> {
    return this.#answer(
      "containers",
      () => [...this.#containers.values()].filter((one) => hasLabels(one, labels)).map(view),
    );
  }

  network(name: string): Promise<Network> {
    return this.#answer("network", () => {
      const network = this.#networks.get(name);
      if (network) return network;
      throw new AppError(`cannot inspect network ${name}: not found`, { kind: "not-found" });
    });
  }

  async networkAddresses(name: string): Promise<readonly string[]> {
    const { gateways } = await this.network(name);
    const used = [...this.#containers.values()]
      .flatMap(({ addresses, networks }) => [addresses[name], networks[name]])
      .flatMap((one) => [one?.ipv4, one?.ipv6]);
    const known = [...gateways, ...used].filter((address) => address !== undefined);
    return [...new Set(known)].sort();
  }

  readFile(container: string, path: string): Promise<string> {
    return this.#answer("readFile", () => {
      const text = this.#find(container).writable.get(path);
      if (text !== undefined) return text;
      const message = `cannot read ${path} from container ${container}: no such file`;
      throw new AppError(message, { kind: "not-found" });
    });
  }

  containerLog(container: string, { lines, bytes }: LogLimits): Promise<Uint8Array> {
    return this.#answer("containerLog", () => {
      const newest = this.#find(container).log.split(/(?<=\n)/).slice(-lines).join("");
      const all = new TextEncoder().encode(newest);
      return all.subarray(Math.max(0, all.length - bytes));
    });
  }

  session(container: string, command: readonly string[]): Promise<ContainerSession> {
    return this.#answer("session", () => {
      const found = this.#find(container);
      if (!found.running) {
        throw new AppError(`container ${container} is not running`, { kind: "conflict" });
      }
      const session = new FakeSession(this.#program, { container: found.name, command });
      found.sessions.add(session);
      return session;
    });
  }

  async *events({ signal }: { readonly signal: AbortSignal }): AsyncGenerator<EngineEvent> {
    const stop = AbortSignal.any([signal, this.#closed.signal]);
    const queue: EngineEvent[] = [{ kind: "resync" }];
    let wake = () => {};
    const listener: Listener = (event) => {
      queue.push(event);
      wake();
    };
    stop.addEventListener("abort", () => wake());
    this.#listeners.add(listener);
    try {
      while (!stop.aborted) {
        const event = queue.shift();
        if (event) yield event;
        else await new Promise<void>((resolve) => wake = resolve);
      }
    } finally {
      this.#listeners.delete(listener);
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#closed.abort();
    for (const { sessions } of this.#containers.values()) {
      for (const session of sessions) session.close();
    }
    return Promise.resolve();
  }

  /** Finds by name, id or the beginning of an id. */
  #find(name: string): FakeContainer {
    const all = [...this.#containers.values()];
    const found = all.find((one) => isNamed(one, name));
    if (found) return found;
    throw missing(`container ${name}`);
  }

  #claim(name: string): void {
    if (![...this.#containers.values()].some((one) => one.name === name)) return;
    throw new AppError(`the name ${name} is in use`, { kind: "conflict" });
  }

  async #answer<T>(call: string, answer: () => T): Promise<T> {
    this.calls.push(call);
    if (this.failure) throw this.failure;
    if (this.unable === call) throw new AppError(`${call} failed`, { kind: "unavailable" });
    await Promise.resolve();
    return answer();
  }

  #lease(wanted: NetworkAddresses): NetworkAddresses {
    if (wanted.ipv4 !== undefined || wanted.ipv6 !== undefined) return wanted;
    return { ipv4: `172.18.0.${2 + this.#count++}` };
  }

  #id(): string {
    return (++this.#count).toString(16).padStart(8, "0").padEnd(64, "f");
  }

  #tell({ id, name, labels }: FakeContainer, action: "create" | "start" | "die" | "destroy") {
    this.#emit({ kind: "container", action, id, name, labels });
  }

  #emit(event: EngineEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}

function isNamed({ name, id }: FakeContainer, wanted: string): boolean {
  return name === wanted || id.startsWith(wanted);
}

function missing(what: string): AppError {
  return new AppError(`no such ${what}`, { kind: "not-found" });
}

function published(
  ports: readonly PublishPlan[],
  next: () => number,
): Readonly<Record<string, HostPort>> {
  return Object.fromEntries(ports.map(({ port, protocol, hostAddress, hostPort }) => [
    `${port}/${protocol}`,
    { address: hostAddress ?? "0.0.0.0", port: hostPort ?? 40_000 + next() },
  ]));
}

function hasLabels(
  container: { readonly labels: Readonly<Record<string, string>> },
  wanted: readonly string[],
): boolean {
  return wanted.every((one) => {
    const [key = "", ...value] = one.split("=");
    const found = container.labels[key];
    return found !== undefined && (value.length === 0 || found === value.join("="));
  });
}

function view(container: FakeContainer): Container {
  const { id, name, labels, running, networks, addresses, ports, image } = container;
  const shown = Object.keys(networks).map((network) => [network, addresses[network] ?? {}]);
  const from = image === "" ? {} : { image };
  return { id, name, labels, running, networks: Object.fromEntries(shown), ports, ...from };
}
