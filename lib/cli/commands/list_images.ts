import type { CommandContext } from "../ports.ts";

/** `berth list-images`: image references on standard output, a word about an empty list beside it. */
export function listImages({ streams }: CommandContext, images: readonly string[]): number {
  for (const image of images) streams.out(`${image}\n`);
  if (images.length === 0) streams.err("no image is needed: the planes of this version run none\n");
  return 0;
}
