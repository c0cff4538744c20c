/** Imports local trees as images, once per content. */
import { docker } from "./engine.ts";
import { BED_IMAGE } from "./labels.ts";
import { runAnyway } from "./shell.ts";

/** An image to import. */
export interface Import {
  readonly tags: readonly string[];
  /** Changes with the content. */
  readonly key: string;
  /** Path of the tar archive. */
  readonly archive: string;
  /** Dockerfile instructions such as `ENTRYPOINT ["/x"]`. */
  readonly changes?: readonly string[];
}

/** `…/parts/KEY/tree.tar` or `…/parts/KEY` → KEY. */
export function keyOf(path: string): string {
  return /\/parts\/([^/]+)/.exec(path)?.[1] ?? path;
}

/** Makes sure that the engine has this content under all the tags. */
export async function importOnce(image: Import): Promise<void> {
  const [first, ...others] = image.tags;
  if (first === undefined) return;
  const format = `{{index .Config.Labels "${BED_IMAGE}"}}`;
  const keys = await Promise.all(
    image.tags.map(async (tag) =>
      (await runAnyway(["docker", "image", "inspect", "-f", format, tag])).stdout
    ),
  );
  if (keys.every((key) => key === image.key)) return;
  const changes = [`LABEL ${BED_IMAGE}=${image.key}`, "ENV PATH=/usr/sbin:/usr/bin:/sbin:/bin"];
  const flags = [...changes, ...image.changes ?? []].flatMap((change) => ["--change", change]);
  await docker("import", ...flags, image.archive, first);
  for (const tag of others) await docker("tag", first, tag);
}
