import * as v from "valibot";
import type { Environment } from "./candidates.ts";

/** Reads a text file; undefined when there is none or it may not be read. */
export type ReadText = (path: string) => Promise<string | undefined>;

/** The docker context in force and its engine address. */
export interface DockerContext {
  readonly name: string;
  readonly host: string;
}

const configFile = v.object({ currentContext: v.optional(v.string(), "") });
const metaFile = v.object({
  Endpoints: v.object({ docker: v.object({ Host: v.pipe(v.string(), v.minLength(1)) }) }),
});

/**
 * The active docker context: `DOCKER_CONTEXT`, else `currentContext` of the client's config.json.
 *
 * Undefined for the default context and whenever a file is missing or malformed: the usual sockets
 * are tried then.
 */
export async function activeContext(
  env: Environment,
  readText: ReadText,
): Promise<DockerContext | undefined> {
  const folder = env.DOCKER_CONFIG || (env.HOME && `${env.HOME}/.docker`);
  if (!folder) return undefined;
  const name = env.DOCKER_CONTEXT ||
    parse(configFile, await readText(`${folder}/config.json`))?.currentContext;
  if (!name || name === "default") return undefined;
  const meta = parse(metaFile, await readText(await metaPath(folder, name)));
  return meta && { name, host: meta.Endpoints.docker.Host };
}

/** The client keeps each context in a folder named by the SHA-256 of its name. */
async function metaPath(folder: string, name: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(name));
  return `${folder}/contexts/meta/${new Uint8Array(digest).toHex()}/meta.json`;
}

function parse<T>(schema: v.GenericSchema<unknown, T>, text: string | undefined): T | undefined {
  if (text === undefined) return undefined;
  try {
    return v.parse(schema, JSON.parse(text));
  } catch {
    return undefined;
  }
}
