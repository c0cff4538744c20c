import type { PlacedListener } from "./types.ts";

/**
 * UDP connection-tracking entries that would keep clients on a place that is no more: of endpoints
 * that left, and those without NAT from before the first endpoint came. TCP and SCTP flows of
 * leaving endpoints go on, so that Pods can end them gracefully.
 *
 * @returns Lines of the agent's `flows` step: address, port, then who answers (address, port) if it
 * matters.
 */
export function staleFlows(
  before: readonly PlacedListener[],
  after: readonly PlacedListener[],
): readonly string[] {
  const next = new Map(after.map((placed) => [placed.id, placed]));
  const last = new Map(before.map((placed) => [placed.id, placed]));
  const left = before.flatMap((placed) => leavers(placed, next.get(placed.id)));
  const first = after.filter(({ id, slots }) =>
    slots.length > 0 && (last.get(id)?.slots.length ?? 0) === 0
  );
  return [...left, ...first.flatMap(unNated)];
}

function leavers(
  { listener, slots }: PlacedListener,
  next: PlacedListener | undefined,
): readonly string[] {
  if (listener.protocol !== "UDP") return [];
  const place = `${listener.address} ${listener.port}`;
  if (next === undefined || sources(next) !== sources({ listener })) return [place];
  const stays = new Set(next.slots);
  const left = [...new Set(slots)].filter((endpoint) => !stays.has(endpoint));
  return left.map((endpoint) => `${place} ${endpoint.replace(" . ", " ")}`);
}

function sources({ listener }: Pick<PlacedListener, "listener">): string {
  return `${listener.closed} ${listener.sourceRanges.join(" ")}`;
}

function unNated({ listener: { protocol, address, port } }: PlacedListener): readonly string[] {
  return protocol === "UDP" ? [`${address} ${port} ${address}`] : [];
}
