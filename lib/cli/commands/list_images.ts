import type { CommandContext } from "../ports.ts";

/** `berth list-images`: image references on standard output, for those who mirror them. */
export function listImages({ streams }: CommandContext, images: readonly string[]): number {
  for (const image of images) streams.out(`${image}\n`);
  return 0;
}
