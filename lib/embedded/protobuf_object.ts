import { timestamp } from "../core/mod.ts";
import { badRequest, unsupportedMediaType } from "./api_error.ts";
import { isObject, type Json, type JsonObject } from "./json.ts";
import { MESSAGE_FIELDS } from "./protobuf_fields.ts";
import { type WireField, wireFields } from "./protobuf_wire.ts";

/** The media type of protobuf bodies. */
export const PROTOBUF = "application/vnd.kubernetes.protobuf";

const MAGIC = [0x6b, 0x38, 0x73, 0x00];

/** Members whose zero means something: in the typed API they are pointers. */
const ZERO_COUNTS: ReadonlySet<string> = new Set([
  "replicas",
  "terminationGracePeriodSeconds",
  "gracePeriodSeconds",
  "revisionHistoryLimit",
  "progressDeadlineSeconds",
  "allocateLoadBalancerNodePorts",
  "automountServiceAccountToken",
  "enableServiceLinks",
  "immutable",
  "optional",
  "controller",
  "blockOwnerDeletion",
  "orphanDependents",
  "activeDeadlineSeconds",
  "timeoutSeconds",
]);

interface FieldRule {
  readonly name: string;
  readonly number: number;
  readonly type: string;
  readonly shape: "one" | "list" | "map";
  readonly inline: boolean;
}

function parseField(text: string): FieldRule {
  const match = /^(~?)(\w+)=(\d+):(\w+)(\[\]|\{\})?$/.exec(text);
  const suffix = match?.[5];
  return {
    name: match?.[2] ?? "",
    number: Number(match?.[3]),
    type: match?.[4] ?? "",
    shape: suffix === "[]" ? "list" : suffix === "{}" ? "map" : "one",
    inline: match?.[1] === "~",
  };
}

const MESSAGES: ReadonlyMap<string, readonly FieldRule[]> = new Map(
  MESSAGE_FIELDS.trim().split(/\n(?! )/).map((text) => {
    const [name = "", ...fields] = text.split(/:\s+|\s+/);
    return [name, fields.map(parseField)] as const;
  }),
);

const text = new TextDecoder();

function bytesOf({ value }: WireField): Uint8Array {
  return value instanceof Uint8Array ? value : new Uint8Array();
}

function numberOf({ value }: WireField): number {
  return value instanceof Uint8Array ? 0 : Number(BigInt.asIntN(64, value));
}

function decodeTime(bytes: Uint8Array): string | undefined {
  const seconds = wireFields(bytes).find((field) => field.number === 1);
  if (!seconds) return undefined;
  return timestamp(numberOf(seconds) * 1000);
}

function decodeIntOrString(bytes: Uint8Array): Json | undefined {
  const fields = wireFields(bytes);
  const isText = fields.some((field) => field.number === 1 && numberOf(field) === 1);
  const found = fields.find((field) => field.number === (isText ? 3 : 2));
  if (!found) return undefined;
  const value = isText ? text.decode(bytesOf(found)) : numberOf(found);
  return value === 0 || value === "" ? undefined : value;
}

function decodeQuantity(bytes: Uint8Array): string {
  const found = wireFields(bytes).find((field) => field.number === 1);
  return found ? text.decode(bytesOf(found)) : "0";
}

/** A single value; undefined where the typed API would leave it out of JSON. */
function decodeValue(type: string, field: WireField, zero: boolean): Json | undefined {
  switch (type) {
    case "s":
      return text.decode(bytesOf(field)) || (zero ? "" : undefined);
    case "i":
      return numberOf(field) || (zero ? 0 : undefined);
    case "b":
      return numberOf(field) !== 0 || (zero ? false : undefined);
    case "B":
      return bytesOf(field).toBase64();
    case "time":
      return decodeTime(bytesOf(field));
    case "intstr":
      return decodeIntOrString(bytesOf(field));
    case "quantity":
      return decodeQuantity(bytesOf(field));
    default:
      return decodeMessage(type, bytesOf(field));
  }
}

function decodeEntry(type: string, bytes: Uint8Array): readonly [string, Json] {
  const fields = wireFields(bytes);
  const key = fields.find((field) => field.number === 1);
  const value = fields.find((field) => field.number === 2);
  const decoded = value && decodeValue(type, value, true);
  return [key ? text.decode(bytesOf(key)) : "", decoded ?? ""];
}

function decodeMessage(name: string, bytes: Uint8Array): JsonObject {
  const rules = MESSAGES.get(name) ?? [];
  const result: Record<string, Json> = {};
  for (const field of wireFields(bytes)) {
    const rule = rules.find((known) => known.number === field.number);
    if (!rule) continue;
    const before = result[rule.name];
    if (rule.shape === "map") {
      const [key, value] = decodeEntry(rule.type, bytesOf(field));
      result[rule.name] = { ...(isObject(before) ? before : {}), [key]: value };
    } else if (rule.shape === "list") {
      const value = decodeValue(rule.type, field, true) ?? "";
      result[rule.name] = [...(Array.isArray(before) ? before : []), value];
    } else {
      const value = decodeValue(rule.type, field, ZERO_COUNTS.has(rule.name));
      if (rule.inline && isObject(value)) Object.assign(result, value);
      else if (value !== undefined) result[rule.name] = value;
    }
  }
  return result;
}

/** The text of a field of a message, empty when absent. */
function textField(bytes: Uint8Array, number: number): string {
  const found = wireFields(bytes).find((field) => field.number === number);
  return found ? text.decode(bytesOf(found)) : "";
}

/**
 * Decodes a Kubernetes protobuf body (the `k8s\0` envelope around runtime.Unknown) to the JSON
 * form of the object. Members that the emulator has no use for are left out.
 *
 * @throws {ApiError} 400 for broken bytes, 415 for a kind that is known as JSON only
 */
export function decodeProtobuf(bytes: Uint8Array): JsonObject {
  if (!MAGIC.every((byte, i) => bytes[i] === byte)) {
    throw badRequest("provided data does not appear to be a protobuf message: wrong first bytes");
  }
  try {
    const envelope = wireFields(bytes.subarray(MAGIC.length));
    const meta = envelope.find((field) => field.number === 1);
    const raw = envelope.find((field) => field.number === 2);
    const apiVersion = meta ? textField(bytesOf(meta), 1) : "";
    const kind = meta ? textField(bytesOf(meta), 2) : "";
    if (!MESSAGES.has(kind)) throw unsupportedMediaType(["application/json", "application/yaml"]);
    return { apiVersion, kind, ...decodeMessage(kind, raw ? bytesOf(raw) : new Uint8Array()) };
  } catch (error) {
    if (error instanceof RangeError) throw badRequest(error.message);
    throw error;
  }
}
