/**
 * What a step does: `flows` and `drop` ignore failure, `ask` and `get` return output, the others
 * must succeed. `write` takes `<path> <octal mode> <user id>:<group id>` (user -1: as it is) and a
 * line end before the content, `get` a Unix socket's path and an HTTP path.
 */
export type StepVerb = "nft" | "add" | "drop" | "announce" | "flows" | "ask" | "write" | "get";

/** One step of a block; the payload is ASCII. */
export interface Step {
  readonly verb: StepVerb;
  readonly text: string;
}

/** What an agent says. */
export type AgentLine =
  | { readonly kind: "ready" }
  | { readonly kind: "missing"; readonly command: string }
  | { readonly kind: "out"; readonly id: number; readonly text: string }
  | { readonly kind: "done"; readonly id: number }
  | { readonly kind: "fail"; readonly id: number; readonly message: string }
  | { readonly kind: "address-gone"; readonly address: string }
  | { readonly kind: "rules-changed"; readonly reason: string };

/** Frames a block so that the agent can read it without parsing its content. */
export function encodeBlock(id: number, steps: readonly Step[]): string {
  const parts = steps.map(({ verb, text }) => `${verb} ${text.length}\n${text}`);
  return `block ${id} ${steps.length}\n${parts.join("")}\n`;
}

/** Reads one line of an agent; undefined for lines that are none of ours. */
export function decodeAgentLine(line: string): AgentLine | undefined {
  const [word = "", rest = ""] = cut(line);
  if (word === "ready") return { kind: "ready" };
  if (word === "missing") return { kind: "missing", command: rest };
  if (word === "address-gone") return { kind: "address-gone", address: rest };
  if (word === "rules-changed") return { kind: "rules-changed", reason: rest };
  const [number = "", text = ""] = cut(rest);
  const id = Number(number);
  if (number === "" || !Number.isInteger(id)) return undefined;
  if (word === "done") return { kind: "done", id };
  if (word === "fail") return { kind: "fail", id, message: text };
  return word === "out" ? { kind: "out", id, text } : undefined;
}

function cut(text: string): readonly string[] {
  const space = text.indexOf(" ");
  return space < 0 ? [text] : [text.slice(0, space), text.slice(space + 1)];
}
