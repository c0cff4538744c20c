import type Docker from "dockerode";
import { type ErrorKind, errorKind } from "../core/mod.ts";
import type { EngineClient } from "./client.ts";
import { containerBody, volumeBody } from "./container_body.ts";
import { decodeVolume, decodeVolumes } from "./decode.ts";
import { pullImage } from "./pull.ts";
import type { ContainerWorks } from "./types.ts";

/** Answer to a start of what runs, or a stop of what does not. */
const STATUS_NOT_MODIFIED = 304;

/** Makes and removes containers, volumes and images through an engine's API. */
export function containerWorks(client: EngineClient): ContainerWorks {
  return {
    createContainer: (plan) =>
      client.ask(`create container ${plan.name}`, async (docker, abortSignal) => {
        const options = { ...containerBody(plan), name: plan.name, abortSignal };
        return (await docker.createContainer(options as Docker.ContainerCreateOptions)).id;
      }),
    startContainer: (container) =>
      client.ask(
        `start container ${container}`,
        (docker, abortSignal) =>
          unlessDone(docker.getContainer(container).start({ abortSignal }), STATUS_NOT_MODIFIED),
      ),
    stopContainer: (container, { seconds }) =>
      client.ask(
        `stop container ${container}`,
        (docker, abortSignal) =>
          unlessDone(
            docker.getContainer(container).stop({ t: seconds, abortSignal }),
            STATUS_NOT_MODIFIED,
          ),
      ),
    removeContainer: (container) =>
      unless(
        // a conflict says that it is being removed already
        ["not-found", "conflict"],
        client.ask(
          `remove container ${container}`,
          (docker, abortSignal) =>
            docker.getContainer(container).remove({ force: true, v: true, abortSignal }),
        ),
      ),
    renameContainer: (container, name) =>
      client.ask(
        `rename container ${container} to ${name}`,
        (docker, abortSignal) => docker.getContainer(container).rename({ name, abortSignal }),
      ),
    createVolume: async (plan) => {
      const what = `create volume ${plan.name}`;
      await client.ask(
        what,
        (docker, abortSignal) => docker.createVolume({ ...volumeBody(plan), abortSignal }),
      );
      const path = `/volumes/${encodeURIComponent(plan.name)}`;
      return decodeVolume(await client.getJson(what, { path }));
    },
    volumes: async ({ labels }) => {
      const query = { filters: { label: [...labels] } };
      return decodeVolumes(await client.getJson("list volumes", { path: "/volumes", query }));
    },
    removeVolume: (name) =>
      unless(
        ["not-found"],
        client.ask(
          `remove volume ${name}`,
          (docker, abortSignal) => docker.getVolume(name).remove({ abortSignal }),
        ),
      ),
    hasImage: (reference) => hasImage(client, reference),
    pullImage: (reference, options) => pullImage(client, reference, options),
  };
}

async function hasImage(client: EngineClient, reference: string): Promise<boolean> {
  try {
    await client.getJson(`inspect image ${reference}`, { path: `/images/${reference}/json` });
    return true;
  } catch (error) {
    if (errorKind(error) === "not-found") return false;
    throw error;
  }
}

/** For what is done already, an engine answers with a status of its own. */
async function unlessDone(work: Promise<unknown>, status: number): Promise<void> {
  try {
    await work;
  } catch (error) {
    const found = error instanceof Error && "statusCode" in error ? error.statusCode : undefined;
    if (found !== status) throw error;
  }
}

async function unless(kinds: readonly ErrorKind[], work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!kinds.includes(errorKind(error))) throw error;
  }
}
