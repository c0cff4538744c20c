import { ApiError, badRequest } from "./api_error.ts";
import { asString, equal, isArray, isObject, type Json, without } from "./json.ts";

type Step = string;

function refused(message: string): ApiError {
  return new ApiError({ code: 422, reason: "Invalid", message });
}

function parsePointer(pointer: string): readonly Step[] {
  if (pointer === "") return [];
  if (!pointer.startsWith("/")) throw badRequest(`json pointer "${pointer}" must start with /`);
  return pointer.slice(1).split("/").map((s) => s.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function index(step: Step, length: number, pointer: string): number {
  if (step === "-") return length;
  const position = /^(0|[1-9]\d*)$/.test(step) ? Number(step) : NaN;
  if (!(position <= length)) throw refused(`json patch: index of "${pointer}" is out of range`);
  return position;
}

function child(value: Json, step: Step, pointer: string): Json {
  const found = isArray(value)
    ? value[index(step, value.length, pointer)]
    : isObject(value)
    ? value[step]
    : undefined;
  if (found === undefined) throw refused(`json patch: path "${pointer}" does not exist`);
  return found;
}

function get(document: Json, pointer: string): Json {
  return parsePointer(pointer).reduce((value, step) => child(value, step, pointer), document);
}

type Leaf = (container: Json, step: Step) => Json;

/** Rebuilds the containers along the path; the last one is rebuilt by `leaf`. */
function edit(document: Json, pointer: string, leaf: Leaf): Json {
  const walk = (value: Json, [step, ...rest]: readonly Step[]): Json => {
    if (step === undefined) return value;
    if (rest.length === 0) return leaf(value, step);
    const next = walk(child(value, step, pointer), rest);
    return isArray(value)
      ? value.with(Number(step), next)
      : { ...(isObject(value) ? value : {}), [step]: next };
  };
  return walk(document, parsePointer(pointer));
}

function add(document: Json, pointer: string, value: Json): Json {
  if (pointer === "") return value;
  return edit(document, pointer, (container, step) => {
    if (isArray(container)) {
      return container.toSpliced(index(step, container.length, pointer), 0, value);
    }
    if (!isObject(container)) throw refused(`json patch: parent of "${pointer}" is no container`);
    return { ...container, [step]: value };
  });
}

function remove(document: Json, pointer: string): Json {
  get(document, pointer);
  return edit(
    document,
    pointer,
    (container, step) =>
      isArray(container)
        ? container.toSpliced(Number(step), 1)
        : without(isObject(container) ? container : {}, step),
  );
}

function replace(document: Json, pointer: string, value: Json): Json {
  get(document, pointer);
  if (pointer === "") return value;
  return edit(
    document,
    pointer,
    (container, step) =>
      isArray(container)
        ? container.with(Number(step), value)
        : { ...(isObject(container) ? container : {}), [step]: value },
  );
}

function move(document: Json, from: string, path: string): Json {
  if (path.startsWith(`${from}/`)) throw refused(`json patch: cannot move "${from}" into itself`);
  return add(remove(document, from), path, get(document, from));
}

function test(document: Json, path: string, value: Json): Json {
  if (equal(get(document, path), value)) return document;
  throw refused(`the server rejected our request: testing value ${path} failed`);
}

function applyOne(document: Json, operation: Json): Json {
  if (!isObject(operation)) throw badRequest("each json patch operation must be an object");
  const path = asString(operation["path"]);
  const value = operation["value"] ?? null;
  switch (operation["op"]) {
    case "add":
      return add(document, path, value);
    case "remove":
      return remove(document, path);
    case "replace":
      return replace(document, path, value);
    case "move":
      return move(document, asString(operation["from"]), path);
    case "copy":
      return add(document, path, get(document, asString(operation["from"])));
    case "test":
      return test(document, path, value);
    default:
      throw badRequest(`unknown json patch operation ${JSON.stringify(operation["op"])}`);
  }
}

/**
 * Applies a JSON patch (RFC 6902): all operations or, by throwing, none.
 *
 * @throws {ApiError} 400 for a malformed patch, 422 when an operation cannot be done
 */
export function jsonPatch(document: Json, operations: Json): Json {
  if (!isArray(operations)) throw badRequest("a json patch must be a list of operations");
  return operations.reduce<Json>(applyOne, document);
}
