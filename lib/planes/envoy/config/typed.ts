import type { JsonObject } from "./types.ts";

const PREFIX = "type.googleapis.com/";

/** An extension's message with its type: `envoy.` or `xds.` and so on included. */
export function typed(type: string, body: JsonObject = {}): JsonObject {
  return { "@type": PREFIX + type, ...body };
}

/** A named extension: a filter, a transport socket, a matcher's input, … */
export function extension(name: string, type: string, body: JsonObject = {}): JsonObject {
  return { name, typed_config: typed(type, body) };
}

/** Milliseconds as protobuf's JSON writes durations. */
export function seconds(ms: number): string {
  return `${Math.round(ms) / 1000}s`;
}

/** A string that must be equal. */
export function exactly(value: string): JsonObject {
  return { exact: value };
}

/** A regular expression (RE2) that the whole string must match. */
export function matching(regex: string): JsonObject {
  return { safe_regex: { regex } };
}

/** The text as a regular expression that matches it alone. */
export function escapeRegex(text: string): string {
  return text.replace(/[\\^$.|?*+()[\]{}\-/]/g, (sign) => sign === "/" ? sign : `\\${sign}`);
}
