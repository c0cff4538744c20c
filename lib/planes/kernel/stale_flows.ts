import type { PlacedListener } from "./types.ts";

/**
 * Commands that delete UDP connection-tracking entries which would keep clients on a place that is
 * no more: endpoints that left, and entries without NAT from before the first endpoint came. TCP
 * and SCTP flows of leaving endpoints go on, so that Pods can end them gracefully.
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
  if (next !== undefined && sources(next) !== sources({ listener })) {
    return [`conntrack -D -p udp --orig-dst ${listener.address} --orig-port-dst ${listener.port}`];
  }
  const stays = new Set(next?.slots);
  return [...new Set(slots)].filter((endpoint) => !stays.has(endpoint)).map((endpoint) => {
    const [address, port] = endpoint.split(" . ");
    return `conntrack -D -p udp --orig-dst ${listener.address} --orig-port-dst ${listener.port}` +
      ` --reply-src ${address} --reply-port-src ${port}`;
  });
}

function sources({ listener }: Pick<PlacedListener, "listener">): string {
  return `${listener.closed} ${listener.sourceRanges.join(" ")}`;
}

function unNated({ listener: { protocol, address, port } }: PlacedListener): readonly string[] {
  return protocol === "UDP"
    ? [
      `conntrack -D -p udp --orig-dst ${address} --orig-port-dst ${port} --reply-src ${address}`,
    ]
    : [];
}
