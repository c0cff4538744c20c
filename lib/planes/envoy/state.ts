import * as v from "valibot";

const schema = v.object({
  id: v.string(),
  /** Empty: a spare. */
  key: v.string(),
  addresses: v.array(v.string()),
  /** File name → version that Envoy confirmed; empty where it did not. */
  files: v.record(v.string(), v.string()),
});

/** What a proxy's directory tells of it, so that it can be adopted after a restart. */
export interface ProxyState {
  readonly id: string;
  readonly key: string;
  readonly addresses: readonly string[];
  readonly files: Readonly<Record<string, string>>;
}

/** One line of JSON. */
export function encodeState({ id, key, addresses, files }: ProxyState): string {
  return `${JSON.stringify({ id, key, addresses, files })}\n`;
}

/** Reads a state; undefined for what is none. */
export function decodeState(text: string): ProxyState | undefined {
  try {
    const parsed = v.safeParse(schema, JSON.parse(text));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}
