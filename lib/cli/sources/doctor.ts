import { describePool, networkPools } from "../../addresses/mod.ts";
import { AppError } from "../../core/mod.ts";
import type { KindCluster } from "../../clusters/types.ts";
import type { CallOptions, DoctorPorts, NetworkFacts, NodeFacts } from "../ports.ts";
import { EngineSource, type SourceOptions } from "./engine.ts";
import { nodeScript, readNodeFacts } from "./node_script.ts";

/** Asks the machine itself; the engine is looked for when the first question needs it. */
export function doctorSource(options: SourceOptions): DoctorPorts & AsyncDisposable {
  return new DoctorSource(options);
}

class DoctorSource implements DoctorPorts, AsyncDisposable {
  readonly #options: SourceOptions;
  #opening: Promise<EngineSource> | undefined;

  constructor(options: SourceOptions) {
    this.#options = options;
  }

  async engine() {
    const { facts } = await this.#open();
    return { socket: facts.socketPath, version: `${facts.version} (${facts.kind})` };
  }

  async network(): Promise<NetworkFacts> {
    const source = await this.#open();
    const [first] = await source.clusters();
    const name = this.#options.settings.network ?? first?.network ?? "kind";
    const { subnets } = await source.engine.network(name);
    const pools = networkPools({ name, subnets }).filter(({ auto }) => auto).map(describePool);
    return { name, subnets, pools };
  }

  async clusters() {
    const source = await this.#open();
    return (await source.clusters()).map(({ name, nodes }) => ({ name, nodes }));
  }

  async api(name: string, { signal }: CallOptions): Promise<string> {
    const source = await this.#open();
    const cluster = (await source.clusters()).find((one) => one.name === name);
    if (cluster === undefined) throw gone(name);
    const { version, server } = await source.connect(cluster, signal);
    return `${version} at ${server}`;
  }

  async node(container: string): Promise<NodeFacts> {
    const { engine } = await this.#open();
    await using session = await engine.session(container, ["bash"]);
    await session.write(nodeScript());
    return await readNodeFacts(session.lines);
  }

  loopback(): Promise<void> {
    // any second address will do: where this one can be bound, the others can
    const listener = Deno.listen({ hostname: "127.0.0.2", port: 0 });
    listener.close();
    return Promise.resolve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const source = await this.#opening?.catch(() => undefined);
    await source?.[Symbol.asyncDispose]();
  }

  #open(): Promise<EngineSource> {
    return this.#opening ??= EngineSource.open(this.#options);
  }
}

function gone(name: KindCluster["name"]): AppError {
  return new AppError(`cluster ${name} is gone: look again`, { kind: "not-found" });
}
