import { parse } from "yaml";
import { badRequest, unsupportedMediaType } from "./api_error.ts";
import { decodeProtobuf, PROTOBUF } from "./protobuf_object.ts";
import { isObject, type Json, type JsonObject } from "./json.ts";

const MAX_BYTES = 3 * 1024 * 1024;
const OBJECT_TYPES = ["application/json", "application/yaml"] as const;

/** The media type of a request without its parameters. */
export function mediaType(request: Request): string {
  return (request.headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
}

function parsed(text: string, yaml: boolean): Json {
  try {
    return (yaml ? parse(text, { maxAliasCount: 0 }) : JSON.parse(text)) as Json;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw badRequest(`couldn't get version/kind; json parse error: ${why}`);
  }
}

/**
 * The body of a request as JSON.
 *
 * @throws {ApiError} 400 for text that cannot be read, 413 when it is too long
 */
export async function readBody(request: Request): Promise<Json> {
  const text = await request.text();
  if (text.length > MAX_BYTES) {
    throw badRequest(`the request body is too large: limit is ${MAX_BYTES} bytes`);
  }
  return parsed(text, mediaType(request).endsWith("yaml"));
}

/** The body of a create or update. @throws {ApiError} 400, 415 */
export async function readObject(request: Request): Promise<JsonObject> {
  const type = mediaType(request);
  if (type === PROTOBUF) return decodeProtobuf(new Uint8Array(await request.arrayBuffer()));
  if (type !== "" && !OBJECT_TYPES.some((known) => known === type)) {
    throw unsupportedMediaType(OBJECT_TYPES);
  }
  const body = await readBody(request);
  if (isObject(body)) return body;
  throw badRequest("the body must be one object");
}

/** The body of a delete, which may be missing. @throws {ApiError} 400 */
export async function readOptionalObject(request: Request): Promise<JsonObject> {
  if (mediaType(request) === PROTOBUF) {
    const bytes = new Uint8Array(await request.arrayBuffer());
    return bytes.length === 0 ? {} : decodeProtobuf(bytes);
  }
  const text = await request.text();
  if (text.trim() === "") return {};
  const body = parsed(text, mediaType(request).endsWith("yaml"));
  return isObject(body) ? body : {};
}
