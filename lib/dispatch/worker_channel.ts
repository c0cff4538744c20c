import { AppError } from "../core/mod.ts";
import { decodeToMain, type ToMain, type ToWorker } from "./protocol.ts";

/** What a new Worker is made of. */
export interface WorkerPlan {
  /** Module that calls `serveWorker`. */
  readonly entry: URL;
  /** Shown in debuggers and messages. */
  readonly name: string;
  /** What the worker may do; never more than the main isolate. */
  readonly permissions: Deno.PermissionOptions;
}

/** What comes out of a Worker. After `crashed` nothing comes any more. */
export interface ChannelEvents {
  message(message: ToMain): void;
  crashed(error: AppError): void;
}

/** One Worker with typed messages. */
export interface WorkerChannel {
  /** Throws kind `internal` when the message cannot be copied. */
  send(message: ToWorker): void;
  /** Ends the Worker at once; no event follows. */
  terminate(): void;
}

/** Starts a Worker. A worker that cannot be loaded reports `crashed`. */
export function openWorker(plan: WorkerPlan, events: ChannelEvents): WorkerChannel {
  const { entry, name, permissions } = plan;
  const worker = new Worker(entry, { type: "module", name, deno: { permissions } });
  let open = true;
  const terminate = () => {
    open = false;
    worker.terminate();
  };
  const crash = (message: string, cause?: unknown) => {
    if (!open) return;
    terminate();
    events.crashed(new AppError(`worker ${name} ${message}`, { kind: "unavailable", cause }));
  };
  worker.onerror = (event) => {
    event.preventDefault(); // else the main isolate ends too
    crash(`crashed: ${event.message}`);
  };
  worker.onmessageerror = () => crash("sent a message that cannot be read");
  worker.onmessage = (event) => {
    if (!open) return;
    const message = decoded(event.data);
    if (message instanceof AppError) crash("sent a malformed message", message);
    else events.message(message);
  };
  return { terminate, send: (message) => open && post(worker, message) };
}

function decoded(data: unknown): ToMain | AppError {
  try {
    return decodeToMain(data);
  } catch (error) {
    return error instanceof AppError ? error : new AppError(String(error), { kind: "internal" });
  }
}

function post(worker: Worker, message: ToWorker): void {
  try {
    worker.postMessage(message);
  } catch (cause) {
    throw new AppError(`cannot send "${message.type}" to a worker: send plain data only`, {
      kind: "internal",
      cause,
    });
  }
}
