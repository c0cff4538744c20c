/** The cache of built parts: one folder per part and version, complete or absent. */
import { dirname, join } from "node:path";

/** The cache folder: BERTH_CACHE, else the user's cache folder. */
export function cacheDirectory(): string {
  const chosen = Deno.env.get("BERTH_CACHE");
  if (chosen) return chosen;
  const base = Deno.env.get("XDG_CACHE_HOME") || join(Deno.env.get("HOME") ?? "/root", ".cache");
  return join(base, "berth");
}

/** Where a part of this key lies (or will lie). */
export function partDirectory(key: string): string {
  return join(cacheDirectory(), "parts", key);
}

/**
 * Returns the folder of `key`, filled by `fill` when it is not there yet. Several processes may
 * ask at once: one fills, the others wait. A fill that fails leaves nothing behind.
 */
export async function cached(
  key: string,
  fill: (directory: string) => Promise<void>,
): Promise<string> {
  const target = partDirectory(key);
  if (await exists(target)) return target;
  await Deno.mkdir(dirname(target), { recursive: true });
  using lock = await Deno.open(`${target}.lock`, { create: true, write: true });
  await lock.lock(true);
  if (await exists(target)) return target;
  const draft = `${target}.draft`;
  await Deno.remove(draft, { recursive: true }).catch(() => {});
  await Deno.mkdir(draft, { recursive: true });
  await fill(draft);
  await Deno.rename(draft, target);
  return target;
}

/** True when the path exists. */
export async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}
