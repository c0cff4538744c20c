import type { Clock } from "../core/mod.ts";
import { AppError } from "../core/mod.ts";
import { fileInArchive } from "./archive.ts";
import { EngineClient, readAll } from "./client.ts";
import {
  decodeContainerList,
  decodeNetwork,
  toContainer,
  toNetwork,
  usedAddresses,
} from "./decode.ts";
import { containerLog } from "./container_log.ts";
import { containerWorks } from "./container_works.ts";
import { followEvents } from "./events.ts";
import type { InspectedNetwork, ListedContainer } from "./schema.ts";
import { openSession } from "./session.ts";
import type { ContainerEngine } from "./types.ts";

/** Options of {@link createEngine}. */
export interface EngineOptions {
  /** Path of the engine's Unix socket: Docker's, or Podman's compatible one. */
  readonly socketPath: string;
  readonly clock?: Clock;
}

/**
 * The engine behind a Unix socket (Docker Engine API 1.40 and later, Podman's compatible API).
 *
 * Nothing is opened before the first call. Every call rejects with an AppError; a broken or
 * shortened answer is an error, never a shorter list. Disposing ends sessions and event streams.
 */
export function createEngine(options: EngineOptions): ContainerEngine {
  const client = new EngineClient(options);
  return {
    ...containerWorks(client),
    containers: async ({ labels }) =>
      (await listContainers(client, { label: [...labels] })).map(toContainer),
    network: async (name) => toNetwork(await inspectNetwork(client, name)),
    networkAddresses: (name) => networkAddresses(client, name),
    readFile: (container, path) => readFile(client, { container, path }),
    containerLog: (container, most) => containerLog(client, container, most),
    session: (container, command) => openSession(client, { container, command }),
    events: ({ signal }) => followEvents(client, signal),
    [Symbol.asyncDispose]: () => {
      client.close();
      return Promise.resolve();
    },
  };
}

async function listContainers(
  client: EngineClient,
  filters: Record<string, string[]>,
): Promise<readonly ListedContainer[]> {
  const query = { all: true, filters };
  return decodeContainerList(
    await client.getJson("list containers", { path: "/containers/json", query }),
  );
}

async function inspectNetwork(client: EngineClient, name: string): Promise<InspectedNetwork> {
  const path = `/networks/${encodeURIComponent(name)}`;
  const network = decodeNetwork(await client.getJson(`inspect network ${name}`, { path }));
  // the engine also takes the beginning of an id for a name
  if (network.Name === name || network.Id === name) return network;
  throw new AppError(`the engine has no network ${name}`, { kind: "not-found" });
}

async function networkAddresses(client: EngineClient, name: string): Promise<readonly string[]> {
  const [network, listed] = await Promise.all([
    inspectNetwork(client, name),
    listContainers(client, { network: [name] }),
  ]);
  return usedAddresses(network, listed);
}

/** Through the archive interface: no process in the container, which may even be stopped. */
async function readFile(
  client: EngineClient,
  { container, path }: { container: string; path: string },
): Promise<string> {
  const archive = await client.ask(
    `read ${path} from container ${container}`,
    async (docker, abortSignal) => {
      const stream = await docker.getContainer(container).getArchive({ path, abortSignal });
      return await readAll(stream as AsyncIterable<Uint8Array>);
    },
  );
  return fileInArchive(archive, path);
}
