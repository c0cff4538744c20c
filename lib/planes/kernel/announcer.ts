import { hash32 } from "../../core/mod.ts";

/**
 * The node that announces an address: rendezvous hashing, so that addresses spread over the nodes
 * and only those of a node that goes (or comes) move.
 *
 * @returns undefined when there is no candidate.
 *
 * @example
 * ```ts
 * import { chooseAnnouncer } from "./announcer.ts";
 * const node = chooseAnnouncer("172.18.255.1", ["a", "b"]);
 * if (node !== chooseAnnouncer("172.18.255.1", ["b", "a"])) throw new Error("order matters");
 * ```
 */
export function chooseAnnouncer(
  address: string,
  candidates: Iterable<string>,
): string | undefined {
  let best: { readonly name: string; readonly score: number } | undefined;
  for (const name of candidates) {
    const score = hash32(`${name}\n${address}`);
    const wins = best === undefined || score > best.score ||
      (score === best.score && name < best.name);
    if (wins) best = { name, score };
  }
  return best?.name;
}
