import { Buffer } from "node:buffer";
import Docker from "dockerode";
import { createEngine } from "../../lib/runtime/mod.ts";
import { tarOf } from "../fakes/tar.ts";
import type { BedContainer, EngineBed } from "./engine.ts";

/** Where and with what a real engine is tried. */
export interface RealEngine {
  readonly socketPath: string;
  /** An image with `/bin/sh` and `/bin/sleep`. */
  readonly image: string;
}

/** A bed in a real engine, on a network of its own; disposing removes all that it made. */
export async function realEngineBed({ socketPath, image }: RealEngine): Promise<EngineBed> {
  const docker = new Docker({ socketPath });
  const prefix = `berth-contract-${crypto.randomUUID().slice(0, 8)}-`;
  const name = `${prefix}net`;
  const network = await docker.createNetwork({ Name: name });
  const made: Docker.Container[] = [];
  const engine = createEngine({ socketPath });
  return {
    engine,
    prefix,
    network: name,
    image,
    create: async (wanted) => {
      made.push(await create(docker, wanted, { image, network: name }));
    },
    start: (container) => docker.getContainer(container).start(),
    stop: (container) => docker.getContainer(container).kill().then(() => gone(docker, container)),
    remove: (container) => docker.getContainer(container).remove({ force: true }),
    async [Symbol.asyncDispose]() {
      const rest = await engine.containers({ labels: [`${prefix}mark`] });
      await Promise.allSettled(rest.map(({ id }) => engine.removeContainer(id)));
      await engine.removeVolume(`${prefix}volume`);
      await engine[Symbol.asyncDispose]();
      await Promise.allSettled(made.map((container) => container.remove({ force: true })));
      await network.remove();
    },
  };
}

async function create(
  docker: Docker,
  { name, labels, files = {}, prints = "" }: BedContainer,
  { image, network }: { image: string; network: string },
): Promise<Docker.Container> {
  const container = await docker.createContainer({
    name,
    Image: image,
    Labels: { ...labels },
    Cmd: ["/bin/sh", "-c", 'printf %s "$PRINTS"; exec /bin/sleep 1000'],
    Env: [`PRINTS=${prints}`],
    HostConfig: { NetworkMode: network },
  });
  for (const [path, text] of Object.entries(files)) {
    const [, folder = "/", file = ""] = /^(.*\/)([^/]+)$/.exec(path) ?? [];
    await container.putArchive(Buffer.from(tarOf(file, text)), { path: folder });
  }
  return container;
}

async function gone(docker: Docker, container: string): Promise<void> {
  await docker.getContainer(container).wait();
}
