/** The engine's events about one cluster: its nodes and its Pods' containers. */
import { BED_CLUSTER, BED_POD } from "../labels.ts";

/** What happened. */
export type EngineEvent =
  | { readonly kind: "node"; readonly action: string; readonly name: string }
  | {
    readonly kind: "pod";
    readonly action: string;
    readonly uid: string;
    readonly name: string;
    readonly exitCode: number;
  };

interface Line {
  readonly Action: string;
  readonly Actor: { readonly Attributes: Readonly<Record<string, string>> };
}

const FILTERS = ["type=container", "event=die", "event=start", "event=destroy"];

/** Streams the events since a time until the signal or until the engine ends the stream. */
export async function* engineEvents(
  cluster: string,
  options: { readonly since: Date; readonly signal: AbortSignal },
): AsyncGenerator<EngineEvent> {
  const { since, signal } = options;
  const filters = [...FILTERS, `label=${BED_CLUSTER}=${cluster}`];
  const args = filters.flatMap((one) => ["--filter", one]);
  const child = new Deno.Command("docker", {
    args: ["events", "--since", since.toISOString(), "--format", "{{json .}}", ...args],
    stdin: "null",
    stdout: "piped",
    stderr: "null",
    signal,
  }).spawn();
  let rest = "";
  for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield decode(JSON.parse(line) as Line);
  }
  await child.status;
}

function decode(line: Line): EngineEvent {
  const { name = "", exitCode = "0", [BED_POD]: uid } = line.Actor.Attributes;
  if (uid === undefined) return { kind: "node", action: line.Action, name };
  return { kind: "pod", action: line.Action, uid, name, exitCode: Number(exitCode) };
}
