import { badRequest, methodNotAllowed, unknownPath } from "./api_error.ts";
import { type ApiCall, refOf } from "./api_call.ts";
import { textResponse } from "./encoder.ts";
import { isWatch, listQuery, watchOptions } from "./query_options.ts";
import { parseVersion } from "./list_query.ts";
import { versionTooLarge } from "./api_error.ts";
import { scaleOf } from "./subresources.ts";
import { WatchStream } from "./watch_stream.ts";

/** GET: an object, a list, a watch or a subresource. */
export function handleRead(call: ApiCall): Response {
  const { target, params } = call;
  if (target.subresource !== undefined) return readSubresource(call);
  if (isWatch(params)) return watch(call);
  return target.name === undefined ? list(call) : readOne(call);
}

function readOne(call: ApiCall): Response {
  const { server: { registry, encoder }, target, params, presentation } = call;
  const asked = parseVersion(params.get("resourceVersion") ?? "");
  if (asked > registry.store.version) throw versionTooLarge(asked, registry.store.version);
  const object = registry.get(target.row, refOf(call));
  return textResponse(encoder.present(object, presentation), presentation.form);
}

function list(call: ApiCall): Response {
  const { server: { registry, encoder }, target, params, presentation } = call;
  const { items, ...metadata } = registry.list(target.row, listQuery(target, params));
  return textResponse(encoder.presentList(items, metadata, presentation), presentation.form);
}

function watch(call: ApiCall): Response {
  const options = { ...watchOptions(call.target, call.params), limit: call.watchLimit };
  const stream = new WatchStream(call.server, options, call.presentation);
  return new Response(stream.body, { headers: { "content-type": "application/json" } });
}

function readSubresource(call: ApiCall): Response {
  const { server: { registry, encoder }, target: { row, subresource }, presentation } = call;
  const known = row.subresources?.find((name) => name === subresource);
  if (known === undefined) throw unknownPath();
  if (known === "log") return readLog(call);
  const object = registry.get(row, refOf(call));
  if (known === "status") {
    return textResponse(encoder.present(object, presentation), presentation.form);
  }
  if (known === "scale") return textResponse(JSON.stringify(scaleOf(object)), presentation.form);
  throw methodNotAllowed();
}

function readLog(call: ApiCall): Response {
  const { server: { registry, logs }, params, target: { row } } = call;
  const { namespace = "", name } = refOf(call);
  registry.get(row, { namespace, name });
  const tail = params.get("tailLines");
  const log = logs.read({
    namespace,
    name,
    follow: params.get("follow") === "true",
    ...(tail !== null && { tailLines: Number(tail) }),
  });
  if (log === undefined) throw badRequest(`container of pod "${name}" is waiting to start`);
  return new Response(log, { headers: { "content-type": "text/plain" } });
}
