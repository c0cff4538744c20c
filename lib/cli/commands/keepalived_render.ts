import type { CommandContext, RenderPorts } from "../ports.ts";

/** `berth keepalived render`: the configuration on standard output, what was left out on the other. */
export async function keepalivedRender(
  { streams, signal }: CommandContext,
  ports: RenderPorts,
): Promise<number> {
  const { text, problems } = await ports.render({ signal });
  for (const problem of problems) streams.err(`warning: ${problem}\n`);
  streams.out(text);
  return 0;
}
