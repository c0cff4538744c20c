/** A statement of keepalived's configuration, or a block with a head. */
export type ConfBlock = string | {
  readonly head: string;
  readonly body: readonly ConfBlock[];
};

/** The text of blocks, two spaces a level. */
export function confText(blocks: readonly ConfBlock[]): string {
  return `${blocks.flatMap((block) => lines(block, "")).join("\n")}\n`;
}

function lines(block: ConfBlock, indent: string): readonly string[] {
  if (typeof block === "string") return [indent + block];
  const inner = block.body.flatMap((part) => lines(part, `${indent}  `));
  return [`${indent}${block.head} {`, ...inner, `${indent}}`];
}
