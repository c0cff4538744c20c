import * as v from "valibot";
import { AppError, type ErrorKind, errorKind, errorText } from "../core/mod.ts";

/** Version of the messages; both sides come from one build, so a difference is a defect. */
export const protocolVersion = 1;

const errorKinds = [
  "invalid",
  "conflict",
  "exhausted",
  "not-found",
  "forbidden",
  "unavailable",
  "timeout",
  "canceled",
  "internal",
] as const satisfies readonly ErrorKind[];

const wireError = v.object({ kind: v.picklist(errorKinds), message: v.string() });

const result = v.variant("ok", [
  v.object({ ok: v.literal(true), value: v.unknown() }),
  v.object({ ok: v.literal(false), error: wireError }),
]);

const toWorker = v.variant("type", [
  v.object({ type: v.literal("init"), version: v.number(), value: v.unknown() }),
  v.object({ type: v.literal("broadcast"), topic: v.string(), value: v.unknown() }),
  v.object({
    type: v.literal("job"),
    id: v.number(),
    key: v.string(),
    job: v.unknown(),
    traceparent: v.exactOptional(v.string()),
  }),
  v.object({ type: v.literal("cancel"), id: v.number(), error: wireError }),
  v.object({ type: v.literal("reply"), id: v.number(), result }),
  v.object({ type: v.literal("drain") }),
]);

const toMain = v.variant("type", [
  v.object({ type: v.literal("ready"), version: v.number() }),
  v.object({ type: v.literal("refused"), error: wireError }),
  v.object({ type: v.literal("outcome"), id: v.number(), result }),
  v.object({
    type: v.literal("call"),
    id: v.number(),
    name: v.string(),
    args: v.unknown(),
    job: v.exactOptional(v.number()),
  }),
  v.object({ type: v.literal("notice"), value: v.unknown() }),
  v.object({ type: v.literal("fault"), topic: v.string(), error: wireError }),
  v.object({ type: v.literal("drained") }),
]);

/** An error as it crosses: class, stack and causes stay behind. */
export type WireError = v.InferOutput<typeof wireError>;

/** How a job or a call ended. */
export type WireResult = v.InferOutput<typeof result>;

/**
 * Main → worker. `init` comes first, then the latest broadcast of each topic, then jobs. A `reply`
 * answers the worker's `call` of the same id; `cancel` aborts a job with the error as the reason.
 */
export type ToWorker = v.InferOutput<typeof toWorker>;

/**
 * Worker → main. `ready` or `refused` answers `init`; each job gets one `outcome`; `call` may name
 * the job that it serves; `notice` is free news; `fault` tells of a broadcast
 * that failed; `drained` is the last message.
 */
export type ToMain = v.InferOutput<typeof toMain>;

/** Checks a message that arrived in a worker. Kind `internal` when it is none of ours. */
export function decodeToWorker(message: unknown): ToWorker {
  return decode(toWorker, message);
}

/** Checks a message that arrived from a worker. Kind `internal` when it is none of ours. */
export function decodeToMain(message: unknown): ToMain {
  return decode(toMain, message);
}

/** Any thrown value as it crosses. */
export function toWireError(error: unknown): WireError {
  return { kind: errorKind(error), message: errorText(error) };
}

/** The error that crossed, as an AppError of the same kind. */
export function fromWireError(error: WireError): AppError {
  return new AppError(error.message, { kind: error.kind });
}

/** Runs `work` and packs how it ended. */
export async function wireResult(work: () => Promise<unknown> | unknown): Promise<WireResult> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    return { ok: false, error: toWireError(error) };
  }
}

function decode<Schema extends v.GenericSchema>(
  schema: Schema,
  message: unknown,
): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, message);
  if (parsed.success) return parsed.output;
  throw new AppError(
    `message between main and worker is malformed: ${v.summarize(parsed.issues)}`,
    {
      kind: "internal",
    },
  );
}
