import { type ApiCall, refOf } from "./api_call.ts";
import { ApiError, badRequest, methodNotAllowed, success, unknownPath } from "./api_error.ts";
import { jsonResponse, textResponse } from "./encoder.ts";
import { asString, at, isObject, type Json, type JsonObject } from "./json.ts";
import { jsonPatch } from "./json_patch.ts";
import { mergePatch } from "./merge_patch.ts";
import { patchObject } from "./patch_request.ts";
import { deleteOptions, listQuery, writeOptions } from "./query_options.ts";
import { mediaType, readBody, readObject, readOptionalObject } from "./request_body.ts";
import { bindPod, finalizeNamespace, updateScale } from "./subresources.ts";
import type { KubeObject } from "./types.ts";
import { asKubeObject, createObject, type WriteOptions } from "./write_create.ts";
import { deleteObject, type DeleteOptions } from "./write_delete.ts";
import { updateObject } from "./write_update.ts";

/** POST, PUT, PATCH and DELETE of resources. */
export async function handleWrite(call: ApiCall): Promise<Response> {
  const { request: { method }, target: { name, subresource } } = call;
  if (subresource !== undefined && subresource !== "status") return await writeSubresource(call);
  if (subresource === "status" && !call.target.row.subresources?.includes("status")) {
    throw unknownPath();
  }
  if (method === "POST" && name === undefined) return await create(call);
  if (method === "PUT" && name !== undefined) return await update(call);
  if (method === "PATCH" && name !== undefined) return await patch(call);
  if (method === "DELETE" && subresource === undefined) {
    return name === undefined ? await removeCollection(call) : await remove(call);
  }
  throw methodNotAllowed();
}

function options({ params, request }: ApiCall): WriteOptions {
  return writeOptions(params, request.headers.get("user-agent"));
}

function answer({ server, presentation }: ApiCall, object: KubeObject, status = 200): Response {
  return textResponse(server.encoder.present(object, presentation), presentation.form, status);
}

/** The body as the row's storage keeps it. */
function storedForm(call: ApiCall, body: JsonObject): KubeObject {
  const { row } = call.target;
  checkFields(call, body);
  const object = asKubeObject(body);
  return row.storedAs ? row.storedAs.toStored(object) : object;
}

/** Refuses fields that do not exist when the client asked for it, as kubectl does. */
function checkFields({ server: { registry }, target: { row }, params }: ApiCall, body: Json): void {
  if (params.get("fieldValidation") !== "Strict" || !isObject(body)) return;
  const unknown = registry.strategy(row).unknownFields?.(body) ?? [];
  if (unknown.length === 0) return;
  const list = unknown.map((field) => `unknown field ${JSON.stringify(field)}`).join(", ");
  throw badRequest(
    `${row.kind} in version "${row.version}" cannot be handled as a ${row.kind}: strict decoding ` +
      `error: ${list}`,
  );
}

async function create(call: ApiCall): Promise<Response> {
  const { server: { registry }, target } = call;
  const object = storedForm(call, await readObject(call.request));
  const { row, namespace } = target;
  if (row.namespaced && namespace === undefined) throw methodNotAllowed();
  const stored = createObject(registry, registry.storageRow(row), {
    ...options(call),
    namespace,
    object,
  });
  return answer(call, stored, 201);
}

async function update(call: ApiCall): Promise<Response> {
  const { server: { registry }, target } = call;
  const object = storedForm(call, await readObject(call.request));
  const row = registry.storageRow(target.row);
  const ref = refOf(call);
  if (object.metadata.name === undefined) {
    throw badRequest("the name of the object must be set to the name on the URL");
  }
  const request = {
    ...options(call),
    ...ref,
    subresource: target.subresource === "status" ? "status" as const : undefined,
    change: () => object,
  };
  try {
    return answer(call, updateObject(registry, row, request));
  } catch (error) {
    const missing = error instanceof ApiError && error.code === 404;
    if (!missing || !row.createOnUpdate || request.subresource) throw error;
    const stored = createObject(registry, row, { ...options(call), ...ref, object });
    return answer(call, stored, 201);
  }
}

async function patch(call: ApiCall): Promise<Response> {
  const { server: { registry }, target, params, request } = call;
  const type = mediaType(request);
  const body = await readBody(request);
  checkFields(call, body);
  const named = params.get("fieldManager") ?? undefined;
  const { object, created } = patchObject(registry, registry.storageRow(target.row), {
    ...options(call),
    ...refOf(call),
    // apply never takes its manager from the user agent
    ...(type === "application/apply-patch+yaml" && { manager: named }),
    type,
    body,
    force: params.get("force") === "true",
    subresource: target.subresource === "status" ? "status" : undefined,
  });
  return answer(call, object, created ? 201 : 200);
}

async function remove(call: ApiCall): Promise<Response> {
  const { server: { registry }, target, params } = call;
  const row = registry.storageRow(target.row);
  const how = deleteOptions(await readOptionalObject(call.request), params);
  const { object, gone } = deleteObject(registry, row, { ...how, ...refOf(call) });
  if (!gone || row.returnsDeleted) return answer(call, object);
  const { name, uid } = object.metadata;
  const details = { name, ...(row.group && { group: row.group }), kind: row.plural };
  return jsonResponse(success({ ...details, ...(uid !== undefined && { uid }) }));
}

async function removeCollection(call: ApiCall): Promise<Response> {
  const { server: { registry, encoder }, target, params, presentation } = call;
  const row = registry.storageRow(target.row);
  const how: DeleteOptions = deleteOptions(await readOptionalObject(call.request), params);
  const { items, resourceVersion } = registry.list(target.row, listQuery(target, params));
  const deleted = items.map(({ metadata: { namespace, name } }) =>
    deleteObject(registry, row, { ...how, namespace, name }).object
  );
  return textResponse(
    encoder.presentList(deleted, { resourceVersion }, presentation),
    presentation.form,
  );
}

async function writeSubresource(call: ApiCall): Promise<Response> {
  const { server: { registry }, request, target: { row, subresource } } = call;
  const known = row.subresources?.find((name) => name === subresource);
  const ref = refOf(call);
  if (known === "scale" && (request.method === "PUT" || request.method === "PATCH")) {
    return await writeScale(call);
  }
  if (known === "binding" && request.method === "POST") {
    bindPod(registry, row, { ...ref, body: await readObject(request) });
    return jsonResponse(success({}), 201);
  }
  if (known === "finalize" && request.method === "PUT") {
    return answer(
      call,
      finalizeNamespace(registry, row, { ...ref, body: await readObject(request) }),
    );
  }
  throw known === undefined ? unknownPath() : methodNotAllowed();
}

async function writeScale(call: ApiCall): Promise<Response> {
  const { server: { registry }, request, target: { row }, presentation } = call;
  const body = await readBody(request);
  const change = (scale: KubeObject): JsonObject => {
    const type = mediaType(request);
    if (request.method === "PUT") return isObject(body) ? body : {};
    const next = type === "application/json-patch+json"
      ? jsonPatch(scale, body)
      : mergePatch(scale, body);
    return isObject(next) ? next : {};
  };
  const scale = updateScale(registry, row, { ...options(call), ...refOf(call), change });
  if (asString(at(scale, "kind")) === "") throw unknownPath();
  return textResponse(JSON.stringify(scale), presentation.form);
}
