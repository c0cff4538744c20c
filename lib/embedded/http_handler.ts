import { getLogger } from "@logtape/logtape";
import type { ApiCall, ApiServer } from "./api_call.ts";
import { ApiError, methodNotAllowed, unknownPath } from "./api_error.ts";
import { jsonResponse } from "./encoder.ts";
import { type Fault, faultError, type FaultInjector, garbage } from "./faults.ts";
import { negotiate } from "./negotiate.ts";
import { includeObject, isWatch } from "./query_options.ts";
import { handleRead } from "./read_handler.ts";
import { type FindRow, parseResourcePath, type ResourceTarget } from "./request_path.ts";
import { staticResponse } from "./static_paths.ts";
import { handleWrite } from "./write_handler.ts";

const logger = getLogger(["berth", "embedded"]);

/** The server and what tests let go wrong with it. */
export interface HandlerOptions {
  readonly server: ApiServer;
  readonly fault?: FaultInjector | undefined;
  /** Waits so many milliseconds; rejects when the server stops. */
  wait(ms: number): Promise<void>;
}

/** The API as one function from request to answer. */
export function makeHandler(options: HandlerOptions): (request: Request) => Promise<Response> {
  const { server } = options;
  const rows = new Map(server.registry.rows.map((row) => [
    `${row.group}/${row.version}/${row.plural}`,
    row,
  ]));
  const find: FindRow = (group, version, plural) => rows.get(`${group}/${version}/${plural}`);
  return async (request) => {
    try {
      return await answer(request, { ...options, find });
    } catch (error) {
      return failure(error);
    }
  };
}

async function answer(
  request: Request,
  options: HandlerOptions & { readonly find: FindRow },
): Promise<Response> {
  const url = new URL(request.url);
  const target = parseResourcePath(url.pathname, options.find);
  const fault = options.fault?.(faultRequest(request, url, target));
  const broken = fault && await broke(fault, options);
  if (broken) return broken;
  const accept = request.headers.get("accept");
  if (!target) {
    const found = staticResponse(options.server.registry.rows, url, accept);
    if (!found) throw unknownPath();
    return found;
  }
  const call: ApiCall = {
    server: options.server,
    request,
    params: url.searchParams,
    target,
    presentation: {
      row: target.row,
      form: negotiate(accept),
      include: includeObject(url.searchParams),
    },
    watchLimit: fault?.kind === "close-watch" ? fault.afterEvents : Infinity,
  };
  return await dispatch(call);
}

async function dispatch(call: ApiCall): Promise<Response> {
  switch (call.request.method) {
    case "GET":
      return handleRead(call);
    case "POST":
    case "PUT":
    case "PATCH":
    case "DELETE":
      return await handleWrite(call);
    default:
      throw methodNotAllowed();
  }
}

function faultRequest(request: Request, url: URL, target: ResourceTarget | undefined) {
  return {
    method: request.method,
    path: url.pathname,
    params: url.searchParams,
    resource: target ? `${target.row.group}/${target.row.plural}` : "",
    namespace: target?.namespace,
    name: target?.name,
    subresource: target?.subresource,
    watch: isWatch(url.searchParams),
  };
}

async function broke(fault: Fault, options: HandlerOptions): Promise<Response | undefined> {
  if (fault.kind === "slow") await options.wait(fault.ms);
  if (fault.kind === "garbage") return garbage();
  const error = faultError(fault);
  if (error) throw error;
}

function failure(error: unknown): Response {
  if (!(error instanceof ApiError)) {
    logger.error("request failed", { error });
    const message = `Internal error occurred: ${error instanceof Error ? error.message : error}`;
    return failure(new ApiError({ code: 500, reason: "InternalError", message }));
  }
  const response = jsonResponse(error.status(), error.code);
  const retry = error.details?.["retryAfterSeconds"];
  if (typeof retry === "number") response.headers.set("retry-after", String(retry));
  return response;
}
